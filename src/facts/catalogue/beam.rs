//! Erlang, Elixir, their packages and their version managers.

use super::Known;

pub(super) const FACTS: &[Known] = &[];
