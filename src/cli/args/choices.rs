//! Words that some arguments choose from.

use clap::ValueEnum;

/// A shell that can complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shell {
    /// Bash
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// Nushell
    Nushell,
    /// Elvish
    Elvish,
    /// PowerShell
    Powershell,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Form {
    /// envdoctor.yaml and config.yaml
    Config,
    /// What `check`, `diagnose` and `run` print
    Report,
    /// What `facts` prints
    Facts,
    /// What `fix` prints
    Fix,
    /// What `explain` prints
    Explain,
}

/// What can ask by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Home {
    /// For ~/.bashrc: eval "$(envdoctor hook bash)"
    Bash,
    /// For ~/.config/fish/config.fish: envdoctor hook fish | source
    Fish,
    /// For ~/.zshrc: eval "$(envdoctor hook zsh)"
    Zsh,
    /// For .envrc: `use envdoctor`
    Direnv,
}
