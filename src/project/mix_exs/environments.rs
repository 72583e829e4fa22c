//! In which Mix environments something holds.

use tree_sitter::Node;

use super::super::elixir::{atom, children};
use super::functions::Scope;
use super::is_mix_env;

/// Some of the Mix environments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environments {
    /// These alone; `None`: every one.
    pub only: Option<Vec<String>>,
    /// None of these.
    pub except: Vec<String>,
}

impl Environments {
    /// These alone.
    pub(super) fn only(names: Vec<String>) -> Self {
        Environments { only: Some(names), except: Vec::new() }
    }

    /// Whether an environment is among them.
    pub fn contain(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|it| it == name))
            && !self.except.iter().any(|it| it == name)
    }

    /// Those that are among these and among `other`.
    #[must_use]
    pub fn and(mut self, other: &Environments) -> Self {
        self.only = match (self.only, &other.only) {
            (Some(mine), Some(_)) => Some(mine.into_iter().filter(|name| other.contain(name)).collect()),
            (Some(mine), None) => Some(mine),
            (None, theirs) => theirs.clone(),
        };
        self.except.extend(other.except.iter().cloned());
        self
    }

    /// Those that are among these or among `other`.
    #[must_use]
    pub fn or(self, other: &Environments) -> Self {
        let except = |mine: &Environments, theirs: &Environments| {
            mine.except.iter().filter(|name| !theirs.contain(name)).cloned().collect()
        };
        match (&self.only, &other.only) {
            (Some(mine), Some(theirs)) => {
                let names = mine.iter().filter(|name| self.contain(name));
                Environments::only(
                    names.chain(theirs.iter().filter(|it| other.contain(it))).cloned().collect(),
                )
            }
            (None, _) => Environments { only: None, except: except(&self, other) },
            (_, None) => Environments { only: None, except: except(other, &self) },
        }
    }

    /// The others.
    fn negated(self) -> Option<Self> {
        match self {
            Environments { only: Some(only), except } if except.is_empty() => {
                Some(Environments { only: None, except: only })
            }
            Environments { only: None, except } => Some(Environments::only(except)),
            Environments { .. } => None,
        }
    }

    /// Whether there are none.
    pub fn are_none(&self) -> bool {
        self.only.as_ref().is_some_and(|only| !only.iter().any(|name| self.contain(name)))
    }
}

/// The environments in which a condition holds, and those in which it does not, where the environment alone decides.
pub(super) fn of_condition(node: Node<'_>, scope: &Scope<'_>) -> Option<(Environments, Environments)> {
    let parts = children(node);
    let (holds, negated) = match (node.kind(), scope.operator(node), parts.as_slice()) {
        ("binary_operator", operator @ ("==" | "!=" | "===" | "!=="), [left, right]) => {
            let name = if is_mix_env(*left, scope.text) { right } else { left };
            let other = if is_mix_env(*left, scope.text) { left } else { right };
            let names = is_mix_env(*other, scope.text).then(|| atom(*name, scope.text))?;
            (Environments::only(vec![names?]), operator.starts_with('!'))
        }
        ("binary_operator", operator @ ("in" | "not in"), [left, right]) if is_mix_env(*left, scope.text) => {
            (Environments::only(atoms(*right, scope.text)?), operator.starts_with("not"))
        }
        _ => return None,
    };
    let fails = holds.clone().negated()?;
    Some(if negated { (fails, holds) } else { (holds, fails) })
}

/// One atom, or a list of nothing else.
pub(super) fn atoms(node: Node<'_>, text: &str) -> Option<Vec<String>> {
    match (atom(node, text), node.kind()) {
        (Some(name), _) => Some(vec![name]),
        (None, "list") => children(node).into_iter().map(|child| atom(child, text)).collect(),
        (None, "sigil") => {
            let content = children(node).into_iter().find(|part| part.kind() == "quoted_content")?;
            let words =
                super::source(node, text).starts_with("~w") && super::source(node, text).ends_with('a');
            let names = super::source(content, text).split_whitespace().map(str::to_owned);
            words.then(|| names.collect())
        }
        _ => None,
    }
}
