"""The rules of the product as plain functions over values: no database, no web, no environment, no clock."""
