//! The vocabulary: facts with their readings and values, severities and risks. No effects, no I/O.

mod catalogue;
mod fact;
mod reading;
mod severity;
mod value;

pub use catalogue::{KNOWN, Kind, Known, known};
pub use fact::{Fact, Facts};
pub use reading::Reading;
pub use severity::{Risk, Severity};
pub use value::Value;
