//! model-sim
