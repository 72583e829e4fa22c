//! What the expressions of a Nix file use: packages, names, paths, shell code.

use std::collections::BTreeSet;

use rnix::ast::{self, InterpolPart};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

use super::hooks::{Export, Hook, exports, hook, plain};
use super::inputs::FlakeInput;
use super::sets::{Origins, Set};
use crate::project::located::Located;
use crate::project::nix::{Step, attr_names, literal, name, select, walk};

/// What the expressions of a file use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// The attributes of nixpkgs, in order.
    pub packages: Vec<Package>,
    /// Whether the file changes what nixpkgs has, so that it may have any attribute.
    pub overlaid: bool,
    /// Attributes that are taken from the flake nixpkgs as if it were its packages.
    pub taken_from_flake: Vec<Located<String>>,
    /// Names that nothing binds, each at its first place.
    pub free: Vec<Located<String>>,
    /// The paths relative to the file.
    pub paths: Vec<Located<PathUse>>,
    /// The shell code.
    pub hooks: Vec<Hook>,
    /// The variables that the shell code and the shell itself set.
    pub exports: Vec<Export>,
    /// The systems that are written out, such as `aarch64-darwin`.
    pub systems: Vec<Located<String>>,
}

/// An attribute of nixpkgs that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The names that lead to it, such as `beam`, `packages`, `erlang_27`, `elixir_1_18`.
    pub path: Vec<String>,
    /// Where it stands.
    pub offset: usize,
    /// Whether the file does without it where it is missing: `set.name or …`.
    pub optional: bool,
}

/// A relative path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathUse {
    /// The path as it is written, such as `./nix/shell.nix`.
    pub path: String,
    /// Whether only its name is used: `toString ./x`.
    pub named: bool,
}

pub(super) fn expression(
    tree: &SyntaxNode,
    text: &str,
    outputs: Option<&ast::Lambda>,
    inputs: &[FlakeInput],
) -> Expression {
    let mut reader = Reader {
        origins: Origins { outputs, inputs },
        text,
        seen: BTreeSet::new(),
        found: Expression::default(),
    };
    walk(tree, |step| reader.visit(&step));
    reader.found
}

/// There are not many more systems than these.
const SYSTEMS: usize = 64;

struct Reader<'a> {
    origins: Origins<'a>,
    text: &'a str,
    seen: BTreeSet<String>,
    found: Expression,
}

impl Reader<'_> {
    fn visit(&mut self, step: &Step<'_>) {
        match step.node.kind() {
            SyntaxKind::NODE_SELECT => self.selection(step),
            SyntaxKind::NODE_INHERIT => self.inherit(step),
            SyntaxKind::NODE_IDENT => self.ident(step),
            SyntaxKind::NODE_PATH_REL => self.path(step.node),
            SyntaxKind::NODE_STRING => self.string(step.node),
            SyntaxKind::NODE_ATTRPATH_VALUE => self.entry(step.node),
            _ => {}
        }
    }

    fn selection(&mut self, step: &Step<'_>) {
        let Some(selection) = ast::Select::cast(step.node.clone()) else { return };
        let Some((set, path)) = select(&selection) else { return };
        let Some(origin) = self.origins.of(&set, step.scopes) else { return };
        let (names, _) = attr_names(&path);
        self.taken(origin, &names, step.node, selection.or_token().is_some());
    }

    fn inherit(&mut self, step: &Step<'_>) {
        let Some(inherit) = ast::Inherit::cast(step.node.clone()) else { return };
        match inherit.from() {
            Some(from) => {
                let origin = from.expr().and_then(|set| self.origins.of(&set, step.scopes));
                let Some(origin) = origin else { return };
                for attr in inherit.attrs() {
                    if let Some(name) = name(&attr) {
                        self.taken(origin.clone(), &[name], attr.syntax(), false);
                    }
                }
            }
            None => {
                for attr in inherit.attrs() {
                    if let Some(name) = name(&attr) {
                        self.name(&name, attr.syntax(), step);
                    }
                }
            }
        }
    }

    /// Something is taken from a set.
    fn taken(&mut self, origin: Set, names: &[String], node: &SyntaxNode, optional: bool) {
        let Some(first) = names.first() else { return };
        let offset = offset(node);
        let path = match origin {
            Set::Packages(mut path) => {
                path.extend_from_slice(names);
                path
            }
            Set::Nixpkgs if !super::nixpkgs::has(first) => {
                self.found.taken_from_flake.push(Located { value: first.clone(), offset });
                names.to_vec()
            }
            _ => return,
        };
        self.found.packages.push(Package { path, offset, optional });
    }

    fn ident(&mut self, step: &Step<'_>) {
        let text = step.node.text().to_string();
        if matches!(
            &*text,
            "overlays" | "overlay" | "packageOverrides" | "appendOverlays" | "extend" | "overrideScope"
        ) && !is_empty_list_of(step.node)
        {
            self.found.overlaid = true;
        }
        if is_expression(step.node) {
            self.name(&text, step.node, step);
        }
    }

    /// A name is used as a value.
    fn name(&mut self, text: &str, node: &SyntaxNode, step: &Step<'_>) {
        if step.scopes.find(text).is_some() || is_global(text) {
            return;
        }
        match step.scopes.withs() {
            // What is not `pkgs` itself is there by no convention.
            [] if !step.scopes.has_computed() && self.seen.insert(text.to_owned()) => {
                let offset = offset(node);
                self.found.free.push(Located { value: text.to_owned(), offset });
            }
            withs => {
                let sets: Option<Vec<Set>> =
                    withs.iter().map(|with| self.origins.of(with, step.scopes)).collect();
                // Of several, any may have it.
                if let Some([origin]) = sets.as_deref() {
                    self.taken(origin.clone(), &[text.to_owned()], node, false);
                } else if let Some(sets) = sets
                    && sets.iter().all(|set| *set == Set::Packages(Vec::new()))
                    && !sets.is_empty()
                {
                    self.taken(Set::Packages(Vec::new()), &[text.to_owned()], node, false);
                }
            }
        }
    }

    fn path(&mut self, node: &SyntaxNode) {
        let mut tokens = node.children_with_tokens();
        let (Some(token), None) = (tokens.next().and_then(|it| it.into_token()), tokens.next()) else {
            return;
        };
        let function = node.parent().and_then(ast::Apply::cast).and_then(|call| call.lambda());
        let named = function.is_some_and(|function| {
            matches!(&*function.syntax().text().to_string(), "toString" | "builtins.toString")
        });
        let offset = offset(node);
        self.found.paths.push(Located { value: PathUse { path: token.text().to_owned(), named }, offset });
    }

    fn string(&mut self, node: &SyntaxNode) {
        let Some(system) = ast::Str::cast(node.clone()).and_then(|text| literal(&text)) else { return };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if super::outputs::is_system(&system) && system.bytes().all(plain) {
            let offset = offset(node);
            if self.found.systems.len() < SYSTEMS
                && !self.found.systems.iter().any(|known| known.value == system)
            {
                self.found.systems.push(Located { value: system, offset });
            }
        }
    }

    fn entry(&mut self, node: &SyntaxNode) {
        let Some(entry) = ast::AttrpathValue::cast(node.clone()) else { return };
        if let Some(hook) = hook(&entry, self.text) {
            self.found.exports.extend(exports(&hook.text, hook.offset));
            self.found.hooks.push(hook);
        } else if let Some(name) = entry.attrpath().and_then(|path| attr_names(&path).0.pop())
            && is_variable(&name)
            && sets_variables(&entry)
        {
            let value = match entry.value() {
                Some(ast::Expr::Str(text)) => match &text.normalized_parts()[..] {
                    [] => Some(String::new()),
                    [InterpolPart::Literal(text)] => Some(text.clone()),
                    _ => None,
                },
                Some(ast::Expr::Literal(number)) => plain(&number.syntax().text().to_string()),
                _ => None,
            };
            let offset = offset(node);
            self.found.exports.push(Export { name, value, offset });
        }
    }
}

fn offset(node: &SyntaxNode) -> usize {
    node.text_range().start().into()
}

/// Whether an attribute has a variable's name.
fn is_variable(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Whether the attributes beside this one become variables: in `mkShell { … }`, and in `env = { … }`.
fn sets_variables(entry: &ast::AttrpathValue) -> bool {
    const MAKERS: &[&str] = &["mkDerivation", "mkShell", "mkShellNoCC"];
    let names =
        |entry: &ast::AttrpathValue| entry.attrpath().map(|path| attr_names(&path).0).unwrap_or_default();
    if let [.., before, _] = &names(entry)[..]
        && before == "env"
    {
        return true;
    }
    let Some(around) = entry.syntax().parent().and_then(|set| set.parent()) else { return false };
    if let Some(outer) = ast::AttrpathValue::cast(around.clone()) {
        return names(&outer).last().is_some_and(|name| name == "env");
    }
    let maker = match ast::Apply::cast(around).and_then(|call| call.lambda()) {
        Some(ast::Expr::Ident(name)) => Some(name.syntax().text().to_string()),
        Some(ast::Expr::Select(select)) => select.attrpath().and_then(|path| attr_names(&path).0.pop()),
        _ => None,
    };
    maker.is_some_and(|maker| MAKERS.contains(&maker.as_str()))
}

/// Whether a name stands for a value, rather than being one's own name.
fn is_expression(ident: &SyntaxNode) -> bool {
    use SyntaxKind::*;
    match ident.parent().map(|parent| (parent.kind(), parent)) {
        Some((NODE_ATTRPATH | NODE_INHERIT | NODE_IDENT_PARAM | NODE_PAT_BIND, _)) | None => false,
        Some((NODE_PAT_ENTRY, entry)) => ast::PatEntry::cast(entry)
            .and_then(|entry| entry.ident())
            .is_none_or(|name| name.syntax() != ident),
        Some(_) => true,
    }
}

/// Whether a name is an attribute with the value `[ ]`.
fn is_empty_list_of(ident: &SyntaxNode) -> bool {
    let entry = ident.ancestors().nth(2).and_then(ast::AttrpathValue::cast);
    matches!(entry.and_then(|entry| entry.value()), Some(ast::Expr::List(list)) if list.items().next().is_none())
}

/// The names that Nix binds itself (its manual, "Built-ins"); those with `__` are `builtins` by another name.
fn is_global(name: &str) -> bool {
    const GLOBALS: &[&str] = &[
        "abort",
        "baseNameOf",
        "break",
        "builtins",
        "derivation",
        "derivationStrict",
        "dirOf",
        "false",
        "fetchGit",
        "fetchMercurial",
        "fetchTarball",
        "fetchTree",
        "fromTOML",
        "import",
        "isNull",
        "map",
        "null",
        "or",
        "placeholder",
        "removeAttrs",
        "scopedImport",
        "throw",
        "toString",
        "true",
    ];
    name.starts_with("__") || GLOBALS.contains(&name)
}
