//! A machine that replays a recording.
