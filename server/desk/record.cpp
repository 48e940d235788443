#include "server/desk/record.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "datasets/child_facts.hpp"
#include "datasets/strict_json.hpp"
#include "server/access/child_key.hpp"

namespace catchment::desk {
namespace {

using datasets::JsonNode;
using datasets::StrictJson;
using engine::admission::ChildFacts;
using nlohmann::ordered_json;

constexpr std::size_t kLongestText = 200;  // characters of a name or address id take no more bytes
constexpr int kFarthest = 1'000'000;       // metres from the corner of a city

const StrictJson kRecordFile{"", "registration"};

std::string short_text(const JsonNode& node) {
  std::string text = node.text();
  if (text.size() > kLongestText) node.fail("value", "is longer than 200 bytes");
  return text;
}

std::string word(const JsonNode& node, std::initializer_list<std::string_view> words) {
  const std::string text = node.text();
  for (const std::string_view known : words) {
    if (text == known) return text;
  }
  node.fail("value", "is not one of the words known here");
}

std::optional<engine::policy::Day> day(const JsonNode& node, const char* key) {
  if (!node.has(key)) return std::nullopt;
  const JsonNode at = node.at(key);
  const auto found = engine::policy::find_day(at.text());
  if (!found) at.fail("value", "is no day such as 2018-08-31");
  return found;
}

bool yes(const JsonNode& node, const char* key, bool otherwise) {
  if (!node.has(key)) return otherwise;
  const JsonNode at = node.at(key);
  if (!at.json.is_boolean()) at.fail("type", "must be true or false");
  return at.json.get<bool>();
}

void read_child(const JsonNode& node, Record& out) {
  node.object({"name", "document", "birth_date", "sex", "nationality"});
  out.name = short_text(node.at("name"));
  const JsonNode document = node.at("document");
  document.object({"type", "number"});
  out.document_type = short_text(document.at("type"));
  if (!access::find_document_type(out.document_type)) document.at("type").fail("value", "is no type of document");
  out.document_number = short_text(document.at("number"));
  out.birth_date = day(node, "birth_date");
  out.sex = word(node.at("sex"), {"female", "male"});
  out.nationality = node.has("nationality") ? word(node.at("nationality"), {"chinese", "foreign"}) : "chinese";
}

void read_guardian(const JsonNode& node, Record& out) {
  node.object({"name", "relation", "phone"});
  out.guardian_name = short_text(node.at("name"));
  out.guardian_relation = word(node.at("relation"), {"mother", "father", "grandparent", "other"});
  const JsonNode phone = node.at("phone");
  out.guardian_phone = short_text(phone);
  for (const char c : out.guardian_phone) {
    if ((c < '0' || c > '9') && c != '+' && c != '-') phone.fail("value", "may have digits, + and - only");
  }
}

void read_home(const JsonNode& node, Home& out) {
  node.object({"address_id", "zone_id", "x_m", "y_m"});
  if (node.has("address_id")) {
    out.address_id = short_text(node.at("address_id"));
    if (node.has("zone_id")) node.fail("key", "has an address and a zone; one of them says where the home is");
    return;
  }
  out.zone_id = short_text(node.at("zone_id"));
  out.x_m = node.at("x_m").whole(-kFarthest, kFarthest);
  out.y_m = node.at("y_m").whole(-kFarthest, kFarthest);
}

void read_priority(const JsonNode& node, Priority& out) {
  node.object({"hukou_since", "property_since", "permit_since", "points"});
  out.hukou_since = day(node, "hukou_since"), out.property_since = day(node, "property_since");
  out.permit_since = day(node, "permit_since");
  if (node.has("points")) out.points = node.at("points").whole(0, 1'000'000);
}

void read_office(const JsonNode& node, OfficeNotes& out) {
  node.object({"granted", "deferred", "needs", "placement", "own_plan", "claim"});
  out.granted = yes(node, "granted", true), out.deferred = yes(node, "deferred", false);
  out.needs = yes(node, "needs", false), out.own_plan = yes(node, "own_plan", false);
  if (node.has("placement"))
    out.placement = word(node.at("placement"), {"mainstream", "special_school", "home_teaching"});
  if (!node.has("claim")) return;
  const JsonNode claim = node.at("claim");
  claim.object({"school_id", "way"});
  out.claim = short_text(claim.at("school_id"));
  out.claim_way = word(claim.at("way"), {"direct_promotion", "attached_estate", "policy", "placement"});
}

ordered_json facts_json(const ChildFacts& facts) {
  ordered_json out = ordered_json::object();
  // No fact comes twice: what is put at the end need not be looked for.
  auto& members = static_cast<ordered_json::object_t::Container&>(out.get_ref<ordered_json::object_t&>());
  engine::admission::visit_facts(facts, [&](const char* name, const char*, const char*, const auto& member) {
    if (!member) return;
    if constexpr (std::is_same_v<std::decay_t<decltype(*member)>, engine::policy::Day>) {
      members.emplace_back(name, engine::policy::to_text(*member));
    } else {
      members.emplace_back(name, *member);
    }
  });
  return out;
}

void put_day(ordered_json& out, const char* key, const std::optional<engine::policy::Day>& at) {
  if (at) out[key] = engine::policy::to_text(*at);
}

ordered_json family_json(const Record& r) {
  ordered_json out;
  out["level"] = r.level, out["district"] = r.district;
  out["child"] = {{"name", r.name}, {"document", {{"type", r.document_type}, {"number", r.document_number}}}};
  put_day(out["child"], "birth_date", r.birth_date);
  out["child"]["sex"] = r.sex, out["child"]["nationality"] = r.nationality;
  out["guardian"] = {{"name", r.guardian_name}, {"relation", r.guardian_relation}, {"phone", r.guardian_phone}};
  if (!r.home.address_id.empty()) {
    out["home"] = {{"address_id", r.home.address_id}};
  } else {
    out["home"] = {{"zone_id", r.home.zone_id}, {"x_m", r.home.x_m}, {"y_m", r.home.y_m}};
  }
  if (!r.sibling.empty()) out["sibling"] = r.sibling;
  out["facts"] = facts_json(r.facts);
  return out;
}

// Facts that the record says elsewhere, or that are no answer of a family.
constexpr std::array kNotAsked{"stage",
                               "district",
                               "birth_day",
                               "nationality",
                               "sector",
                               "private_choices",
                               "also_public",
                               "deferral_granted",
                               "school_district",
                               "school_approved_by",
                               "school_fee_per_term",
                               "school_boards",
                               "school_has_seats_left",
                               "school_for_foreigners",
                               "school_is_special",
                               "direct_promotion",
                               "estate_child",
                               "district_rule_met",
                               "parent_dishonest_debtor"};

void refuse_office_facts(const JsonNode& facts) {
  for (const char* name : kNotAsked) {
    if (facts.has(name)) facts.at(name).fail("key", "is not for a family to say");
  }
}

}  // namespace

Record parse_record(std::string_view json, bool by_office) {
  const ordered_json parsed = datasets::parse_strict_json(json, kRecordFile);
  const JsonNode root{parsed, "", kRecordFile};
  root.object({"level", "district", "child", "guardian", "home", "sibling", "facts", "priority", "office"});
  Record out;
  out.level = word(root.at("level"), {"primary", "junior"});
  out.district = short_text(root.at("district"));
  read_child(root.at("child"), out);
  read_guardian(root.at("guardian"), out);
  read_home(root.at("home"), out.home);
  if (root.has("sibling")) out.sibling = short_text(root.at("sibling"));
  const JsonNode facts = root.at("facts");
  if (!facts.json.is_object()) facts.fail("type", "must be an object");
  if (!by_office) refuse_office_facts(facts);
  out.facts = datasets::read_child_facts(facts.json, "/facts");
  for (const char* office_only : {"priority", "office"}) {
    if (root.has(office_only) && !by_office) root.at(office_only).fail("key", "is for offices to fill in");
  }
  if (root.has("priority")) read_priority(root.at("priority"), out.priority);
  if (root.has("office")) read_office(root.at("office"), out.office);
  return out;
}

std::string print_record(const Record& r, std::string for_family) {
  ordered_json out, priority = ordered_json::object();
  put_day(priority, "hukou_since", r.priority.hukou_since);
  put_day(priority, "property_since", r.priority.property_since);
  put_day(priority, "permit_since", r.priority.permit_since);
  priority["points"] = r.priority.points;
  out["priority"] = std::move(priority);
  out["office"] = {{"granted", r.office.granted}, {"deferred", r.office.deferred}, {"needs", r.office.needs}};
  if (!r.office.placement.empty()) out["office"]["placement"] = r.office.placement;
  if (r.office.own_plan) out["office"]["own_plan"] = true;
  if (!r.office.claim.empty()) out["office"]["claim"] = {{"school_id", r.office.claim}, {"way", r.office.claim_way}};
  for_family.back() = ',';  // its members, then these
  return for_family + out.dump().substr(1);
}

std::string print_record(const Record& record) { return print_record(record, print_for_family(record)); }
std::string print_for_family(const Record& record) { return family_json(record).dump(); }

ChildFacts facts_of(const Record& r) {
  ChildFacts facts = r.facts;
  facts.stage = r.level, facts.district = r.district, facts.birth_day = r.birth_date, facts.nationality = r.nationality;
  if (!facts.sector) facts.sector = "public_school";
  if (!facts.disability) facts.disability = "none";
  if (!facts.groups) facts.groups = std::vector<std::string>{};
  facts.direct_promotion = r.office.claim_way == "direct_promotion";
  facts.estate_child = r.office.claim_way == "attached_estate";
  if (r.office.deferred) facts.deferral_granted = true;
  if (r.office.claim_way == "placement") facts.school_is_special = true;
  return facts;
}

}  // namespace catchment::desk
