"""The life of a waybill, from draft to release: one module per act."""
