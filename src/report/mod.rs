//! One report, whatever draws it, and the pages about the rules.

mod baseline;
mod brief;
mod build;
mod cases;
mod fingerprint;
mod format;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod location;
mod markdown;
mod model;
mod page;
mod prometheus;
mod prose;
mod sarif;
mod tap;
mod versions;

pub use baseline::Baseline;
pub use build::{Case, build};
pub use format::{Format, Scene};
pub use human::{
    Detail, Look, SettingRow, draw, draw_block, draw_facts, draw_line, draw_note, draw_offers, draw_page,
    draw_settings, draw_versions,
};
pub use json::{
    FactsForm, ReportForm, SCHEMA_VERSION, facts_to_json, form_to_json, remedy_to_json, risks, schema_of,
    severities, to_json, version,
};
pub use model::{
    Aside, Entry, Examined, Follower, Proof, Report, SetAside, SinceGreen, Standing, Summary, Unknown,
};
pub use page::{MADE, index, markdown};
pub use prose::counted;
pub use versions::standing_to_json;
