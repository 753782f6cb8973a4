"""The auditor's desk: kept searches, a waybill's whole story, exports."""
