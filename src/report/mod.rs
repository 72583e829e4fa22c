//! One report, whatever draws it, and the pages about the rules.

mod build;
mod fingerprint;
mod human;
mod json;
mod model;
mod page;
mod prose;
mod versions;

pub use build::{Case, build};
pub use human::{
    Detail, Look, draw, draw_facts, draw_line, draw_note, draw_offers, draw_page, draw_versions,
};
pub use json::{
    FactsForm, ReportForm, SCHEMA_VERSION, facts_to_json, form_to_json, remedy_to_json, risks, schema_of,
    severities, to_json, version,
};
pub use model::{Aside, Entry, Examined, Follower, Proof, Report, SetAside, Standing, Summary, Unknown};
pub use page::{MADE, index, markdown};
pub use versions::standing_to_json;
