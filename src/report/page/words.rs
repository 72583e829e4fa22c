//! Conditions over facts as part of a sentence.

use crate::facts::Value;
use crate::rules::{Condition, Operand, Operator, Test};

/// The condition in words, with facts and values between back ticks.
pub(super) fn of(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(part) => format!("it is not so that {}", within(part)),
        Condition::Test(test) => tested(test),
    }
}

fn joined(parts: &[Condition], word: &str) -> String {
    match parts {
        [only] => of(only),
        _ => parts.iter().map(within).collect::<Vec<_>>().join(word),
    }
}

/// A part of a longer condition: in parentheses where the words could be read otherwise.
fn within(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) | Condition::Any(parts) if parts.len() > 1 => format!("({})", of(condition)),
        Condition::Not(_) => format!("({})", of(condition)),
        _ => of(condition),
    }
}

fn tested(test: &Test) -> String {
    let wanted = test.operand != Operand::Literal(Value::Bool(false));
    let with = match &test.operand {
        Operand::Literal(value) => value.to_string(),
        Operand::Fact(name) => name.clone(),
    };
    let fact = &test.fact;
    match (test.operator, wanted) {
        (Operator::Exists, true) => format!("`{fact}` is there"),
        (Operator::Exists, false) => format!("`{fact}` is not there"),
        (Operator::Empty, true) => format!("`{fact}` is empty"),
        (Operator::Empty, false) => format!("`{fact}` is not empty"),
        (Operator::Equals, _) => format!("`{fact}` is `{with}`"),
        (Operator::GreaterThan, _) => format!("`{fact}` is greater than `{with}`"),
        (Operator::LessThan, _) => format!("`{fact}` is less than `{with}`"),
        (Operator::Contains, _) => format!("`{fact}` contains `{with}`"),
        (Operator::Satisfies, _) => format!("`{fact}` meets `{with}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(fact: &str, operator: Operator, operand: Operand) -> Condition {
        Condition::Test(Test { fact: fact.to_owned(), operator, operand })
    }

    #[test]
    fn conditions_read_as_sentences_that_can_mean_one_thing_only() {
        let no = || Operand::Literal(Value::Bool(false));
        let metal = || test("gpu.metal", Operator::Equals, no());
        let nix = || test("tool.nix.path", Operator::Exists, no());
        let gpus = || test("env.MLX_MAX_GPUS", Operator::GreaterThan, Operand::Fact("gpu.count".to_owned()));
        assert_eq!(of(&Condition::Any(vec![metal()])), "`gpu.metal` is `no`");
        let nested = Condition::All(vec![nix(), Condition::Any(vec![metal(), gpus()])]);
        assert_eq!(
            of(&nested),
            "`tool.nix.path` is not there and (`gpu.metal` is `no` or `env.MLX_MAX_GPUS` is greater than `gpu.count`)"
        );
        let not = Condition::Not(Box::new(Condition::All(vec![nix(), metal()])));
        assert_eq!(of(&not), "it is not so that (`tool.nix.path` is not there and `gpu.metal` is `no`)");
    }
}
