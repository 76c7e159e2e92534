"""The database's schema, step by step; `_schema.bring_up` takes the steps that are missing."""
