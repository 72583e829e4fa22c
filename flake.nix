{
  description = "An environment doctor for Elixir in Nix shells, with a GPU and local models beside it";

  # It needs Rust as new as `rust-version` in Cargo.toml.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEachSystem =
        make: nixpkgs.lib.genAttrs systems (system: make system nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEachSystem (
        _system: pkgs: rec {
          envdoctor = pkgs.callPackage ./nix/package.nix { };
          default = envdoctor;
        }
      );

      apps = forEachSystem (
        system: _pkgs: rec {
          envdoctor = {
            type = "app";
            program = "${self.packages.${system}.envdoctor}/bin/envdoctor";
            meta = { inherit (self.packages.${system}.envdoctor.meta) description; };
          };
          default = envdoctor;
        }
      );

      overlays.default = final: _prev: {
        envdoctor = final.callPackage ./nix/package.nix { };
      };

      # What `cargo test` needs; tests say which other tools they leave out.
      devShells = forEachSystem (
        _system: pkgs: {
          default = pkgs.mkShell {
            packages = [
              pkgs.cargo
              pkgs.clippy
              pkgs.git
              pkgs.rust-analyzer
              pkgs.rustc
              pkgs.rustfmt
            ];
          };
        }
      );

      checks = forEachSystem (system: _pkgs: { inherit (self.packages.${system}) envdoctor; });
    };
}
