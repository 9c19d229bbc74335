"""A real Elasticsearch node."""
