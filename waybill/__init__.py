"""Electronic waybills and loading verification for the road transport of dangerous goods.

The domain: goods, registry, documents, rules, storage and use cases. It knows nothing of HTTP.
"""
