//! One file about a machine and a project, to attach to an issue: without secrets and names, and readable by itself. Pure.

mod chart;
mod document;
mod html;
mod markdown;
mod private;
mod required;

pub use document::{Document, LastRun, Parts, TakenOut};
pub use html::html;
pub use markdown::markdown;
pub use private::Redactor;
