//! End to end, over the wire.

mod speak;
