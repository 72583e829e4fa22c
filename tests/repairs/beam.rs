//! Mix and Hex, against a Hex registry of our own.

use crate::lab::{
    Lab,
    hex::{serve_registry, take_hex_away},
};
use crate::scenario::{End, Scenario, SeenBy, scenarios};

scenarios! {
    hex_missing on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, "jason", &["1.4.9"]);
            take_hex_away(lab);
            write_project(lab, "{:jason, \"~> 1.4\"}");
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "hex-missing",
        end: End::Repaired { consent: &["--yes=user"], works: &["mix", "test"], not_ours: &[] },
    };

    dependencies_not_fetched on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, "jason", &["1.4.9"]);
            write_project(lab, "{:jason, \"~> 1.4\"}");
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "mix-deps-unavailable",
        end: End::Repaired { consent: &["--yes=project"], works: &["mix", "test"], not_ours: &[] },
    };
}

/// A project with this one dependency.
fn write_project(lab: &Lab, dependency: &str) {
    let project = format!(
        "defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: \"0.1.0\", elixir: \"~> 1.14\", deps: [{dependency}]]
  end
end
"
    );
    lab.write("mix.exs", &project);
    lab.write("lib/shop.ex", "defmodule Shop do\n  def stock, do: Jason\nend\n");
    lab.write("test/test_helper.exs", "ExUnit.start()\n");
    lab.write(
        "test/shop_test.exs",
        "defmodule ShopTest do\n  use ExUnit.Case\n  test \"stock\", do: Jason = Shop.stock()\nend\n",
    );
}
