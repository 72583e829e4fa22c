//! What an expression of `mix.exs` comes to, as far as that can be read off.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tree_sitter::Node;

use super::super::elixir::{atom, children, source};
use super::branches::branches;
use super::dep::is_literal;
use super::environments::of_condition;
use super::functions::{Clause, Scope, value_of};
use super::{Dep, Environments, is_mix_env};

/// A function is looked into this often: `deps(:test)` and `deps(:dev)` may both ask for `deps(:all)`.
const VISITS: usize = 8;

pub(super) fn line(node: Node<'_>) -> usize {
    node.start_position().row + 1
}

/// An expression that may be a part of the list, and when it is.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub(super) node: Node<'a>,
    pub(super) environments: Environments,
    pub(super) certain: bool,
}

impl<'a> Part<'a> {
    fn with(&self, node: Node<'a>) -> Part<'a> {
        Part { node, ..self.clone() }
    }

    pub(super) fn within(&self, node: Node<'a>, environments: &Environments) -> Part<'a> {
        Part { node, environments: self.environments.clone().and(environments), certain: self.certain }
    }

    pub(super) fn perhaps(&self, node: Node<'a>) -> Part<'a> {
        Part { certain: false, ..self.with(node) }
    }
}

/// The dependencies that some expressions come to, and the first line of what cannot be read off.
pub(super) fn deps<'a>(starts: Vec<Node<'a>>, scope: &Scope<'a>) -> (Vec<Dep>, Option<usize>) {
    let mut walk = Walk { scope, visits: HashMap::new(), found: BTreeMap::new(), computed: BTreeSet::new() };
    let mut open: Vec<Part<'a>> = starts
        .into_iter()
        .flat_map(|start| value_of(start, scope.text))
        .map(|node| Part { node, environments: Environments::default(), certain: true })
        .collect();
    while let Some(part) = open.pop() {
        walk.step(&part, &mut open);
    }
    let mut deps: Vec<Dep> = Vec::new();
    let mut names = HashSet::new();
    for dep in walk.found.into_values() {
        if names.insert(dep.name.clone()) {
            deps.push(dep);
        }
    }
    (deps, walk.computed.first().copied())
}

struct Walk<'a, 's> {
    scope: &'s Scope<'a>,
    /// How often a body was looked into.
    visits: HashMap<usize, usize>,
    /// By offset, and so in the order of the file.
    found: BTreeMap<usize, Dep>,
    /// Lines that only running the file would tell of.
    computed: BTreeSet<usize>,
}

impl<'a> Walk<'a, '_> {
    fn step(&mut self, part: &Part<'a>, open: &mut Vec<Part<'a>>) {
        let (node, scope) = (part.node, self.scope);
        let below = children(node);
        match (node.kind(), scope.operator(node), below.as_slice()) {
            ("list", ..) => {
                for item in below {
                    if item.kind() == "keywords" {
                        children(item).into_iter().for_each(|item| self.keyword(part, item));
                    } else {
                        open.push(part.with(item));
                    }
                }
            }
            ("tuple", ..) => self.tuple(part, &below),
            ("binary_operator", "++" | "|", [left, right]) => {
                open.extend([part.with(*left), part.with(*right)]);
            }
            ("binary_operator", "&&" | "and", [condition, value]) => match of_condition(*condition, scope) {
                Some((holds, _)) => open.push(part.within(*value, &holds)),
                None => {
                    self.computed.insert(line(node));
                    open.push(part.perhaps(*value));
                }
            },
            // `[…] |> Enum.reject(&is_nil/1)` leaves out what is no dependency.
            ("binary_operator", "|>", [list, call]) if is_flattening(*call, scope) => {
                open.push(part.with(*list));
            }
            ("block", ..) => open.extend(value_of(node, scope.text).into_iter().map(|it| part.with(it))),
            ("nil", ..) => {}
            ("identifier" | "unary_operator" | "call", ..) => self.name(part, &below, open),
            _ => _ = self.computed.insert(line(node)),
        }
    }

    fn keyword(&mut self, part: &Part<'a>, item: Node<'a>) {
        match Dep::of_keyword(item, self.scope.text) {
            Some(dep) => self.put(part, dep),
            None => _ = self.computed.insert(line(item)),
        }
    }

    fn tuple(&mut self, part: &Part<'a>, below: &[Node<'a>]) {
        match Dep::of_tuple(part.node, self.scope.text) {
            Some(dep) => {
                let literal = below.iter().skip(1).all(|part| is_literal(*part, self.scope));
                if !literal {
                    self.computed.insert(line(part.node));
                }
                // What else stands in it may say that it comes from elsewhere, or is not needed here.
                self.put(part, Dep { certain: literal, ..dep });
            }
            None => _ = self.computed.insert(line(part.node)),
        }
    }

    fn put(&mut self, part: &Part<'a>, dep: Dep) {
        let environments = dep.environments.clone().and(&part.environments);
        if environments.are_none() {
            return;
        }
        let dep = Dep { environments, certain: dep.certain && part.certain, ..dep };
        match self.found.get_mut(&dep.offset) {
            None => _ = self.found.insert(dep.offset, dep),
            Some(known) => {
                known.environments = std::mem::take(&mut known.environments).or(&dep.environments);
                known.certain |= dep.certain;
            }
        }
    }

    fn name(&mut self, part: &Part<'a>, below: &[Node<'a>], open: &mut Vec<Part<'a>>) {
        let (node, scope) = (part.node, self.scope);
        let name = scope.reference(node);
        let clauses = scope.clauses(&name);
        if clauses.is_empty() {
            if matches!(source(node, scope.text), "nil" | "[]") {
                return;
            }
            match branches(part, &name, below, scope) {
                Some(branches) => {
                    if branches.iter().any(|branch| !branch.certain) {
                        self.computed.insert(line(node));
                    }
                    open.extend(branches);
                }
                None => _ = self.computed.insert(line(node)),
            }
            return;
        }
        let arguments = below.iter().find(|part| part.kind() == "arguments").map(|it| children(*it));
        let chosen = chosen(part, &clauses, &arguments.unwrap_or_default(), scope);
        // Which of several holds is then a matter of the arguments.
        if chosen.iter().any(|clause| !clause.certain) && part.certain {
            self.computed.insert(line(node));
        }
        for clause in chosen {
            let visits = self.visits.entry(clause.node.id()).or_default();
            *visits += 1;
            if *visits <= VISITS {
                open.extend(value_of(clause.node, scope.text).into_iter().map(|value| clause.with(value)));
            }
        }
    }
}

/// `Enum.reject(&is_nil/1)`, `List.flatten()` and the like, behind a pipe.
fn is_flattening(call: Node<'_>, scope: &Scope<'_>) -> bool {
    let target =
        call.child_by_field_name("target").map(|target| source(target, scope.text)).unwrap_or_default();
    match target {
        "List.flatten" => true,
        "Enum.reject" => source(call, scope.text).contains("is_nil"),
        "Enum.filter" => {
            source(call, scope.text).contains("& &1") || source(call, scope.text).contains("&(&1)")
        }
        _ => false,
    }
}

/// The clauses of a function that may be meant, and when each of them is.
fn chosen<'a>(
    part: &Part<'a>,
    clauses: &[Clause<'a>],
    arguments: &[Node<'a>],
    scope: &Scope<'a>,
) -> Vec<Part<'a>> {
    let [argument] = arguments else {
        let certain = part.certain && clauses.len() == 1;
        return clauses.iter().map(|clause| Part { certain, ..part.with(clause.body) }).collect();
    };
    let given = atom(*argument, scope.text);
    let mut chosen = Vec::new();
    let mut others = Environments::default();
    for clause in clauses {
        let pattern = match clause.parameters.as_slice() {
            [pattern] if !clause.guarded => atom(*pattern, scope.text)
                .map(Ok)
                .or_else(|| (pattern.kind() == "identifier").then_some(Err(()))),
            _ => None,
        };
        match (&given, pattern) {
            (Some(given), Some(Ok(pattern))) if *given != pattern => {}
            (Some(_), Some(_)) => {
                chosen.push(part.with(clause.body));
                break;
            }
            (None, Some(Ok(name))) if is_mix_env(*argument, scope.text) => {
                chosen.push(part.within(clause.body, &Environments::only(vec![name.clone()])));
                others.except.push(name);
            }
            (None, Some(Err(()))) => {
                chosen.push(part.within(clause.body, &others));
                break;
            }
            _ => {
                chosen.push(Part { certain: part.certain && clauses.len() == 1, ..part.with(clause.body) });
            }
        }
    }
    chosen
}
