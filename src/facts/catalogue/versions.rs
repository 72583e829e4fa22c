//! What each place asks for, and whether they agree.

use super::Known;

pub(super) const FACTS: &[Known] = &[];
