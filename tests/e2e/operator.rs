//! What the operator sees: figures for Prometheus, and the ledger's commands beside a bot that runs.

mod figures;
