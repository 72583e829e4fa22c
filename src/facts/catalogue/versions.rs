//! What each place asks for, and whether they agree.

use super::{Kind, Known, fact};

pub(super) const FACTS: &[Known] = &[
    fact(
        "versions.unmet",
        Kind::List,
        "versions that the shell has instead of those that the project's version managers, or its Nix shell, name",
    ),
    fact("versions.unmet_tools", Kind::List, "the tools of those versions"),
    fact(
        "versions.unmet_engines",
        Kind::List,
        "versions that the shell has and the engines of package.json do not allow",
    ),
    fact(
        "versions.disagreeing",
        Kind::List,
        "what the project's files ask for where one version could not meet all",
    ),
    fact("versions.disagreeing_tools", Kind::List, "the tools for which it could not"),
];
