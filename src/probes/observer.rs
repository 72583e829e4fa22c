//! Whoever watches how the machine is asked.

use std::ops::ControlFlow;
use std::time::Duration;

/// Somebody who watches what is asked. What is found does not depend on them, unless they end the asking.
pub trait Observer: Send + Sync {
    /// These were asked and have not answered yet. It is told again and again.
    fn waiting(&self, for_what: &[String]) -> ControlFlow<()>;

    /// This was answered, or given up, after so long.
    fn answered(&self, _what: &str, _took: Duration) {}

    /// Nothing is waited for any more.
    fn done(&self);
}

/// So often an observer is told what is waited for.
pub const TICK: Duration = Duration::from_millis(80);
