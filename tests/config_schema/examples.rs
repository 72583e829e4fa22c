//! The settings that the pages show and that `envdoctor init` writes.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

use crate::reader::{Reader, Whose};
use crate::{as_json, errors, files, validator};

/// Blocks of YAML on a page that are settings, each with the file that it is, if it says.
fn shown(page: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(page).unwrap();
    let all = page.ends_with("docs/configuration.md") || page.ends_with("docs/requirements.md");
    let fence = regex::Regex::new(r"(?ms)^```(\w+)(?: (\S+))?\n(.*?)^```$").unwrap();
    let blocks = fence.captures_iter(&text).filter_map(|block| {
        let file = block.get(2).map_or("", |file| file.as_str());
        let settings = match file {
            "" => all && &block[1] == "yaml",
            file => file.ends_with("envdoctor.yaml"),
        };
        settings.then(|| (file.to_owned(), block[3].to_owned()))
    });
    blocks.collect()
}

#[test]
fn what_the_pages_show_is_right() {
    let (validator, reader) = (validator(), Reader::new());
    let (mut right, mut wrong) = (0, 0);
    for page in files("docs/*.md") {
        for (file, text) in shown(&page) {
            let (read, errors) = (reader.read(Whose::Project, &text), errors(&validator, &as_json(&text)));
            if file.starts_with("typo/") {
                assert!(read.is_err() && !errors.is_empty(), "{}: {text}", page.display());
                wrong += 1;
            } else {
                assert_eq!((read, errors), (Ok(()), Vec::new()), "{}: {text}", page.display());
                right += 1;
            }
        }
    }
    assert!(right >= 7, "{right}");
    assert!(wrong >= 1, "{wrong}");
}

#[test]
fn what_init_writes_is_right() {
    let (validator, reader) = (validator(), Reader::new());
    let project = tempfile::tempdir().unwrap();
    let path = |name: &str| project.path().join(name);
    let check = || {
        let mut command = Command::cargo_bin("envdoctor").unwrap();
        command.current_dir(project.path()).env("HOME", project.path()).arg("init").assert().success();
        let text = fs::read_to_string(path("envdoctor.yaml")).unwrap();
        assert_eq!(reader.read(Whose::Project, &text), Ok(()), "{text}");
        assert_eq!(errors(&validator, &as_json(&text)), Vec::<String>::new(), "{text}");
        fs::remove_file(path("envdoctor.yaml")).unwrap();
        as_json(&text)
    };
    check();
    fs::write(path("flake.nix"), "{ outputs = { self }: { }; }\n").unwrap();
    let mix = "defmodule A do\n  use Mix.Project\n  def project, do: [app: :a, version: \"0.1.0\", elixir: \"~> 1.15\"]\nend\n";
    fs::write(path("mix.exs"), mix).unwrap();
    let settings = check();
    assert_eq!(settings["require"]["elixir"], "~> 1.15");
    assert!(settings["require"]["nix"].is_string(), "{settings}");
}
