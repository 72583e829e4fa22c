use std::path::Path;

use super::{Setting, Treatment, prepare};
use crate::causes::{Finding, Status};
use crate::facts::{Facts, Severity};
use crate::machine::{Recorded, Recording};
use crate::rules::{Source, read_rule};

/// A machine with a project in `/home/user/app`, a Git repository with these lines of files more.
pub(super) fn project(files: &str) -> Recorded {
    let text = format!(
        "project: /home/user/app\notherwise: absent\nwhich: {{tool: /usr/bin/tool}}\nfiles:\n  /etc/passwd: x\n  \
         /home/user/app/.git/config: \"word = s.word\"\n{files}"
    );
    Recorded::new(&Recording::parse(&text, "m.yaml").unwrap_or_else(|error| panic!("{error}")))
}

/// A remedy of one action, for a finding with these captures.
pub(super) fn prepared(machine: &Recorded, action: &str, captures: &[(&str, &str)]) -> Treatment {
    let groups: String = captures.iter().map(|(name, _)| format!(" (?<{name}>\\w+)")).collect();
    let text = format!(
        "id: r\ntitle: T\nseverity: error\nfamily: nix\nsince: 0.1.0\nexplanation: E\nsymptoms: ['literal{groups}']\n\
         remedies:\n  - title: R\n    risk: user\n    {action}\nexamples: [x]\n"
    );
    let source = Source { name: "r".to_owned(), text };
    let rule = read_rule(source, "r", None).unwrap_or_else(|problems| panic!("{}", problems[0])).rule;
    let finding = Finding {
        rule: rule.id.clone(),
        severity: Severity::Error,
        sightings: Vec::new(),
        evidence: Vec::new(),
        captures: captures.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        status: Status::Seen,
    };
    let facts = Facts::default();
    let setting = Setting { machine, project: Path::new("/home/user/app"), facts: &facts };
    prepare(&rule.remedies[0], &finding, setting)
}
