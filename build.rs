//! Reads, checks and packs the rules under `rules/`; a mistake in one of them fails the build.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    unused_imports,
    unreachable_pub
)]

#[path = "src/facts/mod.rs"]
mod facts;
#[path = "src/rules/mod.rs"]
mod rules;

use std::error::Error;
use std::path::Path;

use rules::{Problems, RuleSet, Source, pack, read_rule};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/rules");
    println!("cargo::rerun-if-changed=src/facts");
    match read_all() {
        Ok(rules) => {
            let target = Path::new(&std::env::var("OUT_DIR")?).join("rules.pack");
            Ok(std::fs::write(target, pack::encode(rules.rules())?)?)
        }
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            Err("the rules have mistakes".into())
        }
    }
}

fn read_all() -> Result<RuleSet, Box<dyn Error>> {
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    for entry in walkdir::WalkDir::new("rules").sort_by_file_name() {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let source = Source { name: path.display().to_string(), text: std::fs::read_to_string(path)? };
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy());
        match read_rule(source, &stem, folder.as_deref()) {
            Ok(rule) => rules.push(rule),
            Err(more) => problems.extend(more),
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    Ok(RuleSet::default().with(&rules)?)
}
