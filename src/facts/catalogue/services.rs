//! Databases, local models, and the tools beside them.

use super::Known;

pub(super) const FACTS: &[Known] = &[];
