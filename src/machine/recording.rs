//! A machine that keeps what another one answered.
