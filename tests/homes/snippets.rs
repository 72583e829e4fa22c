//! Each snippet is one file, and the pages show just that.

use std::fs;
use std::path::Path;

use crate::project::{ROOT, ours, snippet};

/// Every snippet, the language of its block, and the page that shows it.
const SNIPPETS: &[(&str, &str, &str)] = &[
    ("bashrc", "sh", "docs/shells.md"),
    ("config.fish", "fish", "docs/shells.md"),
    ("envrc", "sh", "docs/shells.md"),
    ("flake.nix", "nix", "docs/shells.md"),
    ("github.yml", "yaml", "docs/ci.md"),
    ("gitlab.yml", "yaml", "docs/ci.md"),
    ("pre-commit.yaml", "yaml", "docs/ci.md"),
    ("shell-hook.nix", "nix", "docs/shells.md"),
    ("zshrc", "sh", "docs/shells.md"),
];

#[test]
fn the_pages_show_the_snippets_as_they_are() {
    for (name, language, page) in SNIPPETS {
        let block = format!("\n```{language}\n{}```\n", snippet(name));
        assert!(ours(page).contains(&block), "{page} does not show {name}:{block}");
    }
}

#[test]
fn every_snippet_stands_on_a_page() {
    let folder = Path::new(ROOT).join("src/cli/init/snippets");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let known: Vec<&str> = SNIPPETS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, known);
}

/// The shell hook of the whole flake is the line for a flake that is there already.
#[test]
fn the_flakes_hook_is_the_hook() {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    let flake = words(&snippet("flake.nix"));
    assert!(flake.contains(&words(&snippet("shell-hook.nix"))), "{flake}");
}
