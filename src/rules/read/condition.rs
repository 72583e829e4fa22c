//! Reading conditions over facts.

use super::fields::is_null;
use super::{Kind, Node, Reader, fields};
use crate::facts::{Kind as FactKind, Value, catalogue, known, mistake_in_requirement};
use crate::rules::format::{BRANCH, OPERAND, TEST};
use crate::rules::{Condition, Operand, Operator, Test};

impl Reader {
    pub(super) fn condition(&mut self, node: &Node) -> Option<Condition> {
        let Kind::Map(entries) = &node.kind else {
            let help = "such as `{fact: gpu.count, equals: 0}`, or `all:`, `any:`, `not:`".to_owned();
            self.problem(node.span.clone(), "this must be a condition", Some(help));
            return None;
        };
        let key = |name: &str| {
            entries
                .iter()
                .find(|(key, _)| matches!(&key.kind, Kind::Scalar { text, .. } if text == name))
                .map(|(_, value)| value)
        };
        if let Some(fact) = key("fact") {
            return self.test(node, fact);
        }
        self.map(node, BRANCH)?;
        if entries.len() != 1 {
            self.problem(node.span.clone(), "a condition has one of fact, all, any, not", None);
            return None;
        }
        if let Some(part) = key("not") {
            return Some(Condition::Not(Box::new(self.condition(part)?)));
        }
        let all = key("all");
        let parts = all.or_else(|| key("any"))?;
        let read: Vec<_> = self.items(parts).iter().map(|part| self.condition(part)).collect();
        let read = read.into_iter().collect::<Option<Vec<_>>>()?;
        Some(if all.is_some() { Condition::All(read) } else { Condition::Any(read) })
    }

    fn test(&mut self, node: &Node, fact: &Node) -> Option<Condition> {
        let fields = self.map(node, TEST)?;
        let name = self.fact_name(fact)?;
        let mut found =
            Operator::ALL.iter().filter_map(|(key, op)| fields.get(key).map(|operand| (*op, operand)));
        let (Some((operator, operand)), None) = (found.next(), found.next()) else {
            let operators: Vec<&str> = Operator::ALL.iter().map(|(name, _)| *name).collect();
            let help = format!("one of: {}", operators.join(", "));
            self.problem(node.span.clone(), "a test needs just one operator", Some(help));
            return None;
        };
        let span = operand.span.clone();
        let operand = match operator {
            Operator::Exists | Operator::Empty => Operand::Literal(Value::Bool(self.boolean(operand)?)),
            _ => self.operand(operand)?,
        };
        if let (Operator::Satisfies, Operand::Literal(literal)) = (operator, &operand)
            && let Some(why) = mistake_in_requirement(&literal.to_string())
        {
            let help = "such as `~> 1.17` or `>= 26.0.0 and < 29.0.0`".to_owned();
            self.problem(span, format!("this is no version requirement: {why}"), Some(help));
        }
        let kind = known(&name).map(|known| known.kind);
        if operator == Operator::Contains && !matches!(kind, Some(FactKind::List | FactKind::Text)) {
            self.problem(fact.span.clone(), format!("`{name}` is neither a list nor text"), None);
        }
        Some(Condition::Test(Test { fact: name, operator, operand }))
    }

    fn fact_name(&mut self, node: &Node) -> Option<String> {
        let name = self.text(node)?;
        if known(&name).is_none() {
            let help = fields::nearest(&name, catalogue().map(|known| known.name));
            self.problem(node.span.clone(), format!("there is no fact `{name}`"), help);
            return None;
        }
        Some(name)
    }

    fn operand(&mut self, node: &Node) -> Option<Operand> {
        match &node.kind {
            Kind::Map(_) => {
                let fields = self.map(node, OPERAND)?;
                let fact = self.required(&fields, "fact")?;
                Some(Operand::Fact(self.fact_name(fact)?))
            }
            Kind::Scalar { text, plain: true } if is_null(text) => {
                self.problem(node.span.clone(), "this is empty", None);
                None
            }
            Kind::Scalar { text, plain: true } => Some(Operand::Literal(match text.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => text.parse().map_or_else(|_| Value::Text(text.clone()), Value::Integer),
            })),
            Kind::Scalar { text, .. } => Some(Operand::Literal(Value::Text(text.clone()))),
            Kind::List(_) => {
                self.problem(node.span.clone(), "this must be one value, or {fact: NAME}", None);
                None
            }
        }
    }
}
