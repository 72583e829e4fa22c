//! What came of a fix as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::Risk;
use crate::report::{ReportForm, risks};

/// What `envdoctor fix` found and did, or would do. Keys may be added in later versions, and are never changed or removed:
/// readers pass over keys that they do not know.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "envdoctor's report of a fix")]
pub(in crate::cli) struct FixForm<'a> {
    #[serde(flatten)]
    pub(super) report: ReportForm<'a>,
    /// What came of each remedy.
    pub(super) outcomes: Vec<OutcomeForm<'a>>,
    /// The fix's ID, for `envdoctor undo`; `null` where nothing was tried.
    pub(super) fix: Option<String>,
    /// The folder of its journal and backups; `null` where nothing was tried.
    pub(super) journal: Option<String>,
}

/// What came of a remedy.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
pub(super) struct OutcomeForm<'a> {
    /// The id of the rule that it helps against.
    pub(super) rule: &'a str,
    /// Its title.
    pub(super) remedy: &'a str,
    /// How far it reaches.
    #[schemars(schema_with = "risks")]
    pub(super) risk: Risk,
    /// What came of it.
    pub(super) outcome: OutcomeName,
    /// Why, where there is something to add.
    pub(super) why: Option<&'a str>,
    /// What else there is to say.
    pub(super) notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum OutcomeName {
    NotVerified,
    Fixed,
    NoLongerSeen,
    StillBroken,
    Failed,
    Interrupted,
    Declined,
    HeldBack,
}
