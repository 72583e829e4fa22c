//! One report, whatever draws it, and the pages about the rules.

mod build;
mod human;
mod json;
mod model;
mod page;
mod prose;

pub use build::{Case, build};
pub use human::{Look, draw, draw_page, draw_treatment};
pub use json::{fact_value, to_json};
pub use model::{Entry, Follower, Proof, Report, Summary, Unknown};
pub use page::{MADE, index, markdown};
