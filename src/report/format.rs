//! Every form that a report is printed in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Look, Report, draw, github, gitlab, junit, markdown, prometheus, sarif, tap, to_json};
use crate::visible::visible_json;

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Human,
    /// JSON of our own.
    Json,
    /// JUnit's XML.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub's workflow commands.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Markdown.
    Markdown,
    /// Metrics for Prometheus.
    Prometheus,
    /// The Test Anything Protocol.
    Tap,
}

/// What is told of a form, and how it is drawn.
struct Form {
    name: &'static str,
    about: &'static str,
    draw: fn(&Report, &Scene) -> String,
}

/// What the forms tell beside the report.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The version of envdoctor.
    pub version: String,
    /// The project's name.
    pub project: String,
    /// The project's folder.
    pub folder: PathBuf,
    /// The folder from which those who read the forms know files: the repository's.
    pub repository: PathBuf,
    /// The file of the project that is named where a form asks for one, and the finding stands in none.
    pub main_file: String,
    /// Those sources of the evidence that are files, with their paths: from the project's folder, or whole.
    pub logs: BTreeMap<String, String>,
    /// When the report was made, in seconds since 1970.
    pub at: i64,
    /// How it is drawn for a person.
    pub look: Look,
}

impl Format {
    /// Every form.
    pub const ALL: &'static [Format] = &[
        Format::Human,
        Format::Json,
        Format::Junit,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Markdown,
        Format::Prometheus,
        Format::Tap,
    ];

    /// Its name, as options have it.
    pub fn name(self) -> &'static str {
        self.form().name
    }

    /// What it is, in a few words.
    pub fn about(self) -> &'static str {
        self.form().about
    }

    /// The report in this form.
    pub fn draw(self, report: &Report, scene: &Scene) -> String {
        (self.form().draw)(report, scene)
    }

    fn form(self) -> Form {
        let form = |name, about, draw| Form { name, about, draw };
        match self {
            Format::Human => form("human", "For a person", |report, scene| draw(report, scene.look)),
            Format::Json => form("json", "JSON", |report, _| visible_json(&to_json(report))),
            Format::Junit => form("junit", "JUnit's XML, as CI servers show tests", junit::draw),
            Format::Sarif => form("sarif", "SARIF 2.1.0, for code scanning and editors", sarif::draw),
            Format::Github => form("github", "Annotations of a GitHub workflow", github::draw),
            Format::Gitlab => form("gitlab", "GitLab's code quality report", gitlab::draw),
            Format::Markdown => form("markdown", "Markdown, for an issue", markdown::draw),
            Format::Prometheus => form("prometheus", "Metrics in Prometheus's text format", prometheus::draw),
            Format::Tap => form("tap", "The Test Anything Protocol, version 14", tap::draw),
        }
    }
}
