#include "server/imports/import_answer.hpp"

#include <algorithm>

#include "datasets/package_tables.hpp"
#include "datasets/strict_json.hpp"

namespace catchment::imports {
namespace {

using datasets::JsonNode;

const datasets::StrictJson kAnswer{"importer", "importer"};
constexpr std::size_t kLongestText = 2000, kLongestCode = 60;
constexpr int kMostRows = 1'000'000'000;

std::string text_at(const JsonNode& node, const char* key, std::size_t longest = kLongestText) {
  const JsonNode at = node.at(key);
  if (!at.json.is_string()) at.fail("answer", "must be a text");
  auto text = at.json.get<std::string>();
  if (text.size() > longest) at.fail("answer", "is too long");
  return text;
}

std::string code_at(const JsonNode& node, const char* key) {
  std::string code = text_at(node, key, kLongestCode);
  const bool plain =
      !code.empty() && std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  if (!plain) node.at(key).fail("answer", "is no code");
  return code;
}

std::vector<std::string> ids_at(const JsonNode& node, const char* key) {
  const JsonNode at = node.at(key);
  if (!at.json.is_array() || at.json.size() > kIdsListed) at.fail("answer", "must be a short list");
  std::vector<std::string> ids;
  for (const auto& id : at.json) {
    if (!id.is_string() || id.get_ref<const std::string&>().size() > kLongestText) at.fail("answer", "must list ids");
    ids.push_back(id.get<std::string>());
  }
  return ids;
}

TableChanges table_of(const JsonNode& node) {
  node.object({"table", "read", "passed", "refused", "added", "changed", "removed", "unchanged", "added_ids",
               "changed_ids", "removed_ids"});
  TableChanges t;
  t.table = code_at(node, "table");
  if (datasets::find_table(t.table) == nullptr) node.at("table").fail("answer", "is no table of a package");
  const auto count = [&](const char* key) { return node.at(key).whole(0, kMostRows); };
  t.read = count("read"), t.passed = count("passed"), t.refused = count("refused");
  t.added = count("added"), t.changed = count("changed"), t.removed = count("removed");
  t.unchanged = count("unchanged");
  t.added_ids = ids_at(node, "added_ids"), t.changed_ids = ids_at(node, "changed_ids");
  t.removed_ids = ids_at(node, "removed_ids");
  return t;
}

ImportFinding finding_of(const JsonNode& node) {
  node.object({"layer", "row", "fid", "table", "field", "code", "reason"});
  return {text_at(node, "layer"), node.at("row").whole(0, kMostRows),
          code_at(node, "table"), text_at(node, "field"),
          code_at(node, "code"),  text_at(node, "reason")};
}

template <class Item, class Read>
std::vector<Item> list_at(const JsonNode& node, const char* key, std::size_t most, Read read) {
  const JsonNode at = node.at(key);
  if (!at.json.is_array() || at.json.size() > most) at.fail("answer", "must be a short list");
  std::vector<Item> out;
  for (std::size_t i = 0; i < at.json.size(); ++i) out.push_back(read(at.at(i)));
  return out;
}

}  // namespace

ImportAnswer read_import_answer(std::string_view json) {
  const auto parsed = datasets::parse_strict_json(json, kAnswer);
  const JsonNode root{parsed, "", kAnswer};
  root.object({"package", "file", "source", "sha256", "crs", "crs_check", "dry_run", "cancelled", "tables",
               "refused_total", "refused"});
  ImportAnswer answer;
  answer.crs = text_at(root, "crs"), answer.crs_check = text_at(root, "crs_check");
  answer.tables = list_at<TableChanges>(root, "tables", datasets::package_tables().size(), table_of);
  answer.findings = list_at<ImportFinding>(root, "refused", kFindingsListed, finding_of);
  answer.findings_total = root.at("refused_total").whole(0, kMostRows);
  return answer;
}

ImportRefusal read_import_refusal(std::string_view json) {
  const auto parsed = datasets::parse_strict_json(json, kAnswer);
  const JsonNode root{parsed, "", kAnswer};
  root.object({"code", "where", "message"});
  return {code_at(root, "code"), text_at(root, "message")};
}

}  // namespace catchment::imports
