//! What makes envdoctor run by itself: in CI, before a commit, in a shell.

use clap::ValueEnum;

use super::super::Failure;
use super::super::context::Context;
use super::merge;
use crate::facts::Reading;
use crate::machine::Change;

/// Where envdoctor is to run by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(in crate::cli) enum Extra {
    /// A workflow of GitHub Actions
    Github,
    /// A job of GitLab CI
    Gitlab,
    /// A hook of pre-commit
    PreCommit,
    /// .envrc
    Direnv,
    /// A line for the flake's shell
    Nix,
    /// A line for ~/.bashrc
    Bash,
    /// A line for ~/.zshrc
    Zsh,
    /// A line for ~/.config/fish/config.fish
    Fish,
}

/// What came of it.
pub(super) enum Done {
    /// The file was written, or so much was added to it.
    Written { file: &'static str, how: &'static str, then: Option<&'static str> },
    /// It is there already.
    Stays { file: &'static str },
    /// Somebody has to put it there.
    ByHand { text: &'static str, into: &'static str },
}

/// How a file gets its part.
struct Part {
    file: &'static str,
    text: &'static str,
    /// What stands in the file that has it.
    mark: &'static str,
    merge: fn(&str, &str) -> Option<String>,
    then: Option<&'static str>,
}

impl Extra {
    /// Does it, as far as that can be done without a person.
    pub(super) fn add(self, context: &Context) -> Result<Done, Failure> {
        match self.part() {
            Ok(part) => part.add(context),
            Err(by_hand) => Ok(by_hand),
        }
    }

    fn part(self) -> Result<Part, Done> {
        let by_hand = |text, into| Err(Done::ByHand { text, into });
        match self {
            Extra::Github => Ok(Part {
                file: ".github/workflows/envdoctor.yml",
                text: include_str!("snippets/github.yml"),
                mark: "",
                merge: |_, _| None,
                then: Some("write the owner of envdoctor's repository instead of OWNER"),
            }),
            Extra::Gitlab => Ok(Part {
                file: ".gitlab-ci.yml",
                text: include_str!("snippets/gitlab.yml"),
                mark: "envdoctor",
                merge: merge::append,
                then: None,
            }),
            Extra::PreCommit => Ok(Part {
                file: ".pre-commit-config.yaml",
                text: include_str!("snippets/pre-commit.yaml"),
                mark: "id: envdoctor",
                merge: merge::append_repository,
                then: Some("`pre-commit install`, once in each clone"),
            }),
            Extra::Direnv => Ok(Part {
                file: ".envrc",
                text: include_str!("snippets/envrc"),
                mark: "use envdoctor",
                merge: merge::append,
                then: Some("`direnv allow`"),
            }),
            Extra::Nix => by_hand(include_str!("snippets/shell-hook.nix"), "the shell in flake.nix"),
            Extra::Bash => by_hand(include_str!("snippets/bashrc"), "~/.bashrc, at its end"),
            Extra::Zsh => by_hand(include_str!("snippets/zshrc"), "~/.zshrc, at its end"),
            Extra::Fish => {
                by_hand(include_str!("snippets/config.fish"), "~/.config/fish/config.fish, at its end")
            }
        }
    }
}

impl Part {
    fn add(self, context: &Context) -> Result<Done, Failure> {
        let Part { file, text, mark, merge, then } = self;
        let path = context.project.join(file);
        let machine = &*context.machine;
        let (content, how) = match machine.read(&path) {
            Reading::Absent => {
                if let Some(folder) = path.parent() {
                    machine.change(&Change::MakeFolder(folder.to_owned()))?;
                }
                (text.to_owned(), "written")
            }
            Reading::Present(before) if mark.is_empty() || before.contains(mark) => {
                return Ok(Done::Stays { file });
            }
            Reading::Present(before) => match merge(&before, text) {
                Some(content) => (content, "changed"),
                None => return Ok(Done::ByHand { text, into: file }),
            },
            other => return Err(Failure(format!("{file}: {}", other.why_unknown().unwrap_or_default()))),
        };
        machine.change(&Change::Write { path, content: content.into_bytes() })?;
        Ok(Done::Written { file, how, then })
    }
}
