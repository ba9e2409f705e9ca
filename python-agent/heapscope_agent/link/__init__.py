"""To the engine and back: where it is, who we are, frames, one connection, and the descriptors that we hold open."""
