{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    envdoctor.url = "github:OWNER/envdoctor";
    envdoctor.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    { nixpkgs, envdoctor, ... }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
    in
    {
      devShells = nixpkgs.lib.genAttrs systems (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system}.extend envdoctor.overlays.default;
        in
        {
          default = pkgs.mkShell {
            packages = [ pkgs.elixir pkgs.envdoctor ];
            shellHook = ''
              envdoctor check --quiet >&2 || true
            '';
          };
        }
      );
    };
}
