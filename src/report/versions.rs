//! What is asked for and what is there as JSON: keys may be added, never changed.

use serde_json::{Value as Json, json};

use crate::versions::{Row, Standing};

/// One tool.
pub fn standing_to_json(standing: &Standing) -> Json {
    json!({
        "tool": standing.tool.program(),
        "title": standing.tool.to_string(),
        "verdict": standing.verdict().name(),
        "has": standing.has.as_present().map(|has| json!({"version": has.version, "path": has.path})),
        "unknown": standing.has.why_unknown(),
        "asked": standing.rows.iter().map(row).collect::<Vec<_>>(),
        "conflicts": standing.conflicts,
    })
}

fn row(row: &Row) -> Json {
    json!({
        "file": row.ask.place.file,
        "line": row.ask.place.line,
        "column": row.ask.place.column,
        "text": row.ask.place.excerpt,
        "any_of": row.ask.written,
        "agreement": row.met.name(),
        "for_this_shell": row.is_for_shell,
    })
}
