//! The ledger against a model of thirty lines, over tens of thousands of random operations.
