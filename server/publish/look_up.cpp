#include "server/publish/look_up.hpp"

#include <algorithm>
#include <set>

#include "geo/address/normal_text.hpp"
#include "geo/address/utf8.hpp"
#include "geo/gazetteer/exact.hpp"

namespace catchment::publish {
namespace {

constexpr int kMostBits = 12;
constexpr char32_t kLastFolded = 0x2FA1F;  // the last compatibility ideograph

std::uint32_t mixed(std::uint32_t h) {
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  return h ^ (h >> 16);
}

std::uint32_t fnv(std::string_view text, std::uint32_t h) {
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return mixed(h);
}

struct Row {
  KeyHash hash;
  geo::EntryId entry = 0;
  friend auto operator<=>(const Row&, const Row&) = default;
};

// Former names of streets and estates, by the official one; keys.
std::multimap<std::string, std::string> other_names(const datasets::CityPackage& package) {
  std::multimap<std::string, std::string> names;
  for (const engine::Alias& alias : package.aliases()) {
    if (alias.kind == "street" || alias.kind == "estate")
      names.emplace(look_up_key(alias.name), look_up_key(alias.alias));
  }
  return names;
}

std::set<std::string> keys_of(const geo::Entry& entry, const geo::Gazetteer& names,
                              const std::multimap<std::string, std::string>& others) {
  std::set<std::string> keys;
  for (const std::string& form : geo::exact_forms(geo::parse_address(entry.text, &names))) {
    keys.insert(look_up_key(form));
  }
  std::set<std::string> renamed;
  for (const geo::NameId id : {entry.path.street, entry.path.estate}) {
    if (id == geo::kNoName) continue;
    const std::string name = look_up_key(names.thing(id).name);
    for (auto [at, end] = others.equal_range(name); at != end; ++at) {
      for (std::string key : keys) {
        const std::size_t where = key.find(name);
        if (where != std::string::npos) renamed.insert(key.replace(where, name.size(), at->second));
      }
    }
  }
  keys.merge(renamed);
  keys.erase("");
  return keys;
}

std::size_t shard_of(KeyHash hash, int bits) { return bits == 0 ? 0 : hash.first >> (32 - bits); }

std::size_t fewest_addresses(const std::vector<Row>& rows, int bits) {
  std::vector<std::set<geo::EntryId>> shards(std::size_t{1} << bits);
  for (const Row& row : rows) shards[shard_of(row.hash, bits)].insert(row.entry);
  std::size_t fewest = rows.size();
  for (const auto& shard : shards) fewest = std::min(fewest, shard.size());
  return fewest;
}

std::string shard_name(std::size_t shard, int bits) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string name;
  for (int left = (bits + 3) / 4; left > 0; --left, shard >>= 4) name.insert(name.begin(), kHex[shard & 15u]);
  return name.empty() ? "0" : name;
}

std::string row_text(const Row& row, const BundleCity& city, const AddressAnswers& answers) {
  const geo::Entry entry = city.names->entry(row.entry);
  std::string out = "[" + std::to_string(row.hash.first) + "," + std::to_string(row.hash.second) + "," +
                    answers::dump(answers::ordered_json(std::string(entry.text)));
  if (entry.position && !city.hidden.hides(entry.text)) {
    out += "," + std::to_string(entry.position->lon) + "," + std::to_string(entry.position->lat) + ",[";
  } else {
    out += ",null,null,[";
  }
  const std::size_t layers = city.layers.size();
  for (std::size_t k = 0; k < layers; ++k) {
    out += (k == 0 ? "" : ",") + std::to_string(answers.of[row.entry * layers + k]);
  }
  return out + "]]";
}

void add_folds(LookUp& out, const std::set<char32_t>& alphabet) {
  char bytes[4];
  for (char32_t c = 0x80; c <= kLastFolded; ++c) {
    if (c >= 0xd800 && c < 0xe000) continue;
    const std::string one(bytes, geo::encode_utf8(c, bytes));
    const std::string fold = look_up_key(one);
    if (fold == one) continue;
    bool needed = true;
    for (std::size_t at = 0; at < fold.size();) {
      const geo::Decoded d = geo::decode_utf8(fold.data() + at, fold.data() + fold.size());
      needed &= alphabet.contains(d.c);
      at += d.length;
    }
    if (needed) out.folds.emplace(one, fold);  // an empty fold: the character goes
  }
}

}  // namespace

std::string look_up_key(std::string_view text) {
  std::string key;
  geo::normalise_into(text, key);
  std::erase_if(key, [](char c) { return c == ' ' || c == '\n' || c == ',' || c == ';' || c == '.' || c == ':'; });
  return key;
}

KeyHash hash_key(std::string_view key) { return {fnv(key, 2166136261u), fnv(key, 0x9747b28cu)}; }

LookUp make_look_up(const BundleCity& city, const AddressAnswers& answers, std::size_t least, const Report& report) {
  const auto others = other_names(city.package);
  LookUp out;
  out.addresses = city.names->entry_count();
  std::vector<Row> rows;
  std::set<char32_t> alphabet;
  for (geo::EntryId id = 0; id < out.addresses; ++id) {
    if (id % 4096 == 0) tell(report, "look-up", static_cast<double>(id) / static_cast<double>(out.addresses));
    for (const std::string& key : keys_of(city.names->entry(id), *city.names, others)) {
      rows.push_back({hash_key(key), id});
      for (std::size_t at = 0; at < key.size();) {
        const geo::Decoded d = geo::decode_utf8(key.data() + at, key.data() + key.size());
        alphabet.insert(d.c);
        at += d.length;
      }
    }
  }
  std::ranges::sort(rows);
  out.fewest = fewest_addresses(rows, 0);
  for (int bits = 1; bits <= kMostBits && out.addresses >= least << bits; ++bits) {
    const std::size_t fewest = fewest_addresses(rows, bits);
    if (fewest < least) break;
    out.bits = bits, out.fewest = fewest;
  }
  std::vector<std::string> texts(std::size_t{1} << out.bits);
  for (const Row& row : rows) {
    std::string& text = texts[shard_of(row.hash, out.bits)];
    text += (text.empty() ? "" : ",\n") + row_text(row, city, answers);
  }
  std::size_t longest = 0;
  for (std::size_t shard = 0; shard < texts.size(); ++shard) {
    texts[shard] = "addresses(\"" + shard_name(shard, out.bits) + "\",[\n" + texts[shard] + "\n]);\n";
    longest = std::max(longest, texts[shard].size());
  }
  for (std::size_t shard = 0; shard < texts.size(); ++shard) {
    texts[shard].resize(longest, ' ');
    out.files.emplace(shard_name(shard, out.bits) + ".js", std::move(texts[shard]));
  }
  add_folds(out, alphabet);
  return out;
}

}  // namespace catchment::publish
