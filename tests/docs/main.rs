//! The commands in `docs/*.md` are run, and print what the page says; the links and the table of layers hold too.
//!
//! On a page, a block is marked with a language and, perhaps, a file's name:
//!
//! - ```` ```text build.log ```` is that file, which lies in the project's folder from there on;
//! - ```` ```bash ```` is run, a line at a time; a line ends in exit code 2 only if it says so, and in just the code that
//!   it names in a comment, `# exit code 1`;
//! - ```` ```bash needs=mix ```` is left out where that program is not installed, unless `ENVDOCTOR_REQUIRE_TOOLS=1`;
//! - ```` ```text ```` or ```` ```json ```` right behind such a block is all that it prints.
//!
//! Times, numbers of rules, the names of folders and where a line is wrapped may differ. `ENVDOCTOR_DOCS=write cargo test --test docs` writes
//! into the pages what is printed now.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod book;
mod layers;
mod mentioned;
mod page;
mod stage;

use std::fs;
use std::path::{Path, PathBuf};

use page::{Block, blocks};
use stage::{Stage, alike, masked};

fn pages() -> Vec<PathBuf> {
    let pattern = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/*.md");
    let mut pages: Vec<_> = glob::glob(pattern.to_str().unwrap()).unwrap().map(Result::unwrap).collect();
    pages.sort();
    pages
}

#[test]
fn the_pages_commands_do_what_the_pages_say() {
    let write = std::env::var("ENVDOCTOR_DOCS").is_ok_and(|value| value == "write");
    let (mut ran, mut wrong) = (0, Vec::new());
    for path in pages() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let blocks = blocks(&text);
        let stage = Stage::new();
        let mut new = text.clone();
        // From the last to the first, so that what is written does not move what is still to be.
        let mut outputs = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            if let Some(file) = &block.file {
                stage.put(file, &block.text);
            }
            if !block.is_command() {
                continue;
            }
            if let Some(program) = block.needs.as_deref().filter(|program| !Stage::has(program)) {
                eprintln!("skipped: needs {program} ({name})");
                assert!(std::env::var_os("ENVDOCTOR_REQUIRE_TOOLS").is_none(), "{name} needs {program}");
                continue;
            }
            let mut printed = String::new();
            for line in block.text.lines() {
                ran += 1;
                let (output, code) = stage.run(line);
                let holds = match stated(line) {
                    Some(stated) => code == Some(stated),
                    None => code.is_some_and(|code| code != 2),
                };
                if !holds {
                    wrong.push(format!("{name}: `{line}` ends with exit code {code:?}\n{output}"));
                }
                printed.push_str(&output);
            }
            let Some(expected) = blocks.get(at + 1).filter(|next| next.is_output_behind(block, &text)) else {
                continue;
            };
            if write && masked(&expected.text) != masked(&printed) {
                outputs.push((expected.clone(), printed));
            } else if !write && !alike(&expected.text, &printed) {
                let command = block.text.trim_end();
                wrong.push(format!("{name}: `{command}` prints\n{printed}and not\n{}", expected.text));
            }
        }
        for (Block { body, .. }, printed) in outputs.into_iter().rev() {
            new.replace_range(body, &printed);
        }
        if write && new != text {
            fs::write(&path, new).unwrap();
        }
    }
    assert!(ran > 0, "the pages show no command");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The exit code that a line states in its comment.
fn stated(line: &str) -> Option<i32> {
    line.split_once("# exit code ").map(|(_, code)| code.trim().parse().unwrap())
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)#:\s]+)(#[^)\s]*)?\)").unwrap();
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    for path in pages().into_iter().chain([readme]) {
        let text = fs::read_to_string(&path).unwrap();
        for found in link.captures_iter(&text) {
            let target = path.parent().unwrap().join(&found[1]);
            assert!(target.exists(), "{}: {}", path.display(), &found[1]);
            let Some(anchor) = found.get(2) else { continue };
            let headings = fs::read_to_string(&target).unwrap();
            let anchors: Vec<_> =
                headings.lines().filter(|line| line.starts_with('#')).map(page::anchor).collect();
            assert!(
                anchors.contains(&anchor.as_str()[1..].to_owned()),
                "{}: {}",
                path.display(),
                anchor.as_str()
            );
        }
    }
}
