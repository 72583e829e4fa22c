//! The vocabulary: facts with their readings and values, severities and risks. No effects, no I/O.

mod catalogue;
mod fact;
mod place;
mod reading;
mod severity;
mod value;
mod version;

pub use catalogue::{Kind, Known, catalogue, is_fleeting, known, shown};
pub use fact::{Fact, Facts};
pub use place::{Lines, Place};
pub use reading::Reading;
pub use severity::{Risk, Severity};
pub use value::Value;
pub use version::{comparable, is_bounded, mistake_in_requirement, requirement, satisfies};
