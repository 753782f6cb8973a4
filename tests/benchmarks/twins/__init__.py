"""Small equivalents of the two hot requests in other frameworks: yardsticks, not products.

Each does what a scan and an issue need at the least: verify the token, look up, about ten rules,
one check row and one event; forty fields, goods looked up, waybill, goods rows, event, signature.
"""
