#include "server/desk/desk.hpp"

#include <algorithm>
#include <array>

#include "engine/admission/lottery/audit.hpp"
#include "engine/admission/lottery/hash_suite.hpp"
#include "engine/admission/season/judged_child.hpp"
#include "geo/input_error.hpp"
#include "server/desk/check_in.hpp"
#include "server/desk/desk_state.hpp"

namespace catchment::desk {

namespace admission = engine::admission;
namespace policy = engine::policy;
using admission::kNobody;
using store::Session;

namespace {

constexpr std::string_view kCodeDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's base32

constexpr std::uint64_t kNamesakes = 9'999'999;  // as many as a class list can tell apart

// Schools, zones, rules and pack that the rows of a season stand on.
std::string setup_text(const DeskSetup& setup) {
  std::string text = setup.pack.id + "\n";
  for (const admission::SchoolRow& s : setup.world.tables.schools) {
    text += s.school_id + "|" + s.stage + "|" + s.district + "|" + s.ownership + "|" +
            std::to_string(s.plan_seats.value_or(-1)) + "|" + std::to_string(s.plan_classes.value_or(-1)) + "\n";
  }
  return text;
}

}  // namespace

Desk::State::State(DeskSetup s, const access::KeyRing& r, const access::FieldSeal& f, access::Randomness random)
    : setup(std::move(s)), rules(setup.pack), ring(r), seal(f), randomness(std::move(random)) {
  if (ring.find(setup.season) == nullptr)
    throw InputError("desk_key", setup.season, "the key ring has no key for this season");
  sealer.seal = [this](std::string_view column, std::string_view row, std::string_view text) {
    return seal.seal(setup.season, {"season", column, row}, text);
  };
  sealer.open = [this](std::string_view column, std::string_view row, std::string_view sealed) {
    return seal.open(setup.season, {"season", column, row}, sealed);
  };
  const admission::Digest digest = admission::hash(admission::Suite::sha256, setup_text(setup));
  setup_hash.assign(digest.begin(), digest.end());
  for (datasets::LevelInput& input : datasets::season_input(setup.world, rules, 0)) {
    Level& level = levels[input.input.level];
    level.setup = std::move(input);
    for (std::uint32_t i = 0; i < level.setup.input.schools.size(); ++i)
      level.schools.emplace(level.setup.input.schools[i].id, i);
    for (std::uint16_t i = 0; i < level.setup.districts.size(); ++i)
      level.districts.emplace(level.setup.districts[i], i);
    for (const admission::ZoneRow& zone : setup.world.tables.zones) {
      if (zone.stage == level.setup.input.level && zone.school_ids.size() == 1)
        level.zone_schools.emplace(zone.zone_id, zone.school_ids.front());
    }
    make_office(level);
  }
}

void Desk::State::make_office(Level& level) {
  admission::RunInput input = level.setup.input;
  input.children.clear();
  level.office = std::make_unique<admission::SeasonOffice>(std::move(input), level.setup.run.rules);
  level.rows = std::make_unique<SeasonRows>(level.setup.input.level, sealer, numbers);
}

Desk::Level& Desk::State::level(std::string_view id) {
  const auto found = levels.find(id);
  if (found == levels.end()) throw Refused(404, "level_unknown", "This season has no such level.");
  return found->second;
}

std::uint32_t Desk::State::school(const Level& level, const std::string& id) const {
  const auto found = level.schools.find(id);
  if (found == level.schools.end())
    throw Refused(404, "school_unknown", "This level has no such school.", "", "school");
  return found->second;
}

std::uint16_t Desk::State::district(const Level& level, const std::string& id) const {
  const auto found = level.districts.find(id);
  if (found == level.districts.end())
    throw InputError("district_unknown", "/district", "this level has no such district");
  return found->second;
}

std::uint64_t Desk::State::key64(std::string_view purpose, std::string_view text) const {
  const auto key = ring.find(setup.season);
  if (key == nullptr) throw access::SealError(access::SealFault::no_key);
  const std::string mac = access::hmac(access::HmacKind::sha256,
                                       access::derive_key(access::HmacKind::sha256, key->key, purpose).view(), text);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | static_cast<std::uint8_t>(mac[i]);
  return bits;
}

std::string Desk::State::open_record(const std::string& code, const store::Bytes& sealed) const {
  return seal.open(setup.season, {"registration", "record", code}, to_text(sealed));
}

store::Bytes Desk::State::seal_record(const std::string& code, const std::string& printed) const {
  return to_bytes(seal.seal(setup.season, {"registration", "record", code}, printed));
}

std::string Desk::State::new_code() const {
  std::array<std::uint8_t, 8> bytes;
  randomness(bytes);
  std::string code;
  for (const std::uint8_t byte : bytes) code += kCodeDigits[byte % kCodeDigits.size()];  // 32 of 256: no favourites
  return code;
}

void Desk::State::load(Session& session) {
  numbers = {};
  for (auto& [id, level] : levels) {
    const auto rows = session.run("select setup_hash, label from season where level = $1", {id});
    if (rows.empty()) {
      session.run("insert into season (level, label, setup_hash) values ($1, $2, $3)", {id, setup.season, setup_hash});
    } else if (rows.one()[0].bytes() != setup_hash || rows.one()[1].text() != setup.season) {
      throw InputError("season_other", id, "the store holds a season with other schools, plans or rules");
    }
    make_office(level);
    level.rows->load(session, *level.office);
  }
  loaded = true;
}

admission::Eligibility Desk::State::judge(const Record& record) const { return rules.judge(facts_of(record)); }

std::string Desk::State::child_key(const Record& record) const {
  const auto key = ring.find(setup.season);
  if (key == nullptr) throw access::SealError(access::SealFault::no_key);
  return access::child_key(
      *key, access::parse_document(record.document_type, record.document_number, "/child/document/number"));
}

void Desk::State::check_document(const Record& record) const {
  const access::IdentityDocument document =
      access::parse_document(record.document_type, record.document_number, "/child/document/number");
  const auto born = access::birth_date(document);
  if (born && record.birth_date && std::chrono::local_days(*born) != *record.birth_date)
    throw InputError("birth_date_differs", "/child/birth_date", "differs from the document's");
}

// The leaf binds a line of a roll to the sealed record: who holds the receipt can open it.
admission::RunChild Desk::State::child_of(Level& level, const std::string& code, const Record& record,
                                          const admission::Eligibility& judged) {
  admission::RunChild child;
  admission::parse_code(code, child.code);
  const FoundHome home = setup.find_home(record.level, record.home);
  std::string school_id = home.school_id;
  if (school_id.empty() && !home.zone_id.empty()) {
    const auto zone = level.zone_schools.find(home.zone_id);
    if (zone != level.zone_schools.end()) school_id = zone->second;
  }
  const auto school = level.schools.find(school_id);
  if (school != level.schools.end()) child.zone_school = school->second;
  child.x_m = home.x_m, child.y_m = home.y_m;
  if (!home.dwelling.empty()) child.dwelling = numbers.number(key64("dwelling", home.dwelling));
  child.family = numbers.number(key64("family", record.guardian_phone));
  child.district = district(level, record.district);
  child.girl = record.sex == "female", child.needs = record.office.needs;
  child.namesake = static_cast<int>(key64("namesake", record.name) % kNamesakes) +
                   1;  // two names that meet are kept apart for nothing
  admission::apply_verdict(setup.pack, judged, {record.office.granted, record.office.deferred}, child);
  if (!record.sibling.empty()) {
    admission::Code other{};
    const auto found = admission::parse_code(record.sibling, other) ? level.office->find_child(other) : std::nullopt;
    if (!found) throw Refused(422, "sibling_unknown", "No child of this level has that code.", "", "/sibling");
    child.unit = *found;
  }
  if (!record.office.claim.empty()) {
    const std::string& way = record.office.claim_way;
    child.claim = this->school(level, record.office.claim);
    child.way = way == "direct_promotion"  ? admission::SeatWay::direct_promotion
                : way == "attached_estate" ? admission::SeatWay::attached_estate
                : way == "placement"       ? admission::SeatWay::placement
                                           : admission::SeatWay::policy;
    const admission::Eligibility claimed = judge_private(level, record, record.office.claim).value_or(judged);
    if (!claimed.reasons.empty()) child.clause = claimed.reasons.front().clause;
  }
  const auto day = [](const std::optional<policy::Day>& at) {
    return at ? at->time_since_epoch().count() : std::int64_t{1} << 30;
  };
  const auto& schools = level.office->input().schools;
  const auto metres = [&](const admission::RunSchool& s) {
    return std::abs(child.x_m - s.x_m) + std::abs(child.y_m - s.y_m);
  };
  const Priority& p = record.priority;
  child.keys = {child.zone_school == kNobody ? 0 : metres(schools[child.zone_school]),
                day(p.hukou_since),
                day(p.property_since),
                day(p.permit_since),
                p.points,
                0};
  const std::string line = "code: " + code + "\n" + "record: " +
                           admission::to_hex(admission::hash(admission::Suite::sha256, print_record(record))) + "\n";
  admission::Digest salt{};
  const std::string mac =
      access::hmac(access::HmacKind::sha256,
                   access::derive_key(access::HmacKind::sha256, ring.find(setup.season)->key, "leaf").view(), code);
  std::copy_n(mac.begin(), salt.size(), salt.begin());
  child.leaf = admission::leaf_hash(level.setup.run.rules.suite, line, salt);
  return child;
}

// A code of another family and one that nobody has are told the same.
void Desk::State::check_sibling(Session& session, const Registration& r, const Record& record) const {
  if (record.sibling.empty()) return;
  const auto rows = session.run(
      "select 1 from registration where code = $1 and level = $2 and guardian = $3 and number is not null and code <> "
      "$4",
      {record.sibling, r.level, r.guardian, r.code});
  if (rows.empty())
    throw Refused(422, "sibling_unknown", "No child of this family and level has that code and is handed in.", "",
                  "/sibling");
}

std::optional<admission::Eligibility> Desk::State::judge_private(const Level& level, const Record& record,
                                                                 const std::string& school) const {
  const auto& rows = setup.world.tables.schools;
  const auto row = std::ranges::find(rows, school, &admission::SchoolRow::school_id);
  const auto found = level.schools.find(school);
  if (found == level.schools.end() || row == rows.end() || row->ownership != "private") return std::nullopt;
  admission::ChildFacts facts = facts_of(record);
  facts.sector = "private_school", facts.private_choices = 1, facts.also_public = false;
  facts.school_district = row->district, facts.school_approved_by = row->city_approved ? "city" : "district";
  facts.school_fee_per_term = row->fee_yuan.value_or(0), facts.school_boards = row->boarding;
  facts.school_has_seats_left = true, facts.school_for_foreigners = row->kind == "foreign_children";
  return rules.judge(facts);
}

void Desk::State::check_private(const Level& level, const Record& record, const std::string& school) const {
  const std::optional<admission::Eligibility> judged = judge_private(level, record, school);
  // What nobody has said yet (a debt that an office looks up) keeps no child out.
  const bool may =
      !judged || judged->verdict == admission::Verdict::eligible ||
      judged->verdict == admission::Verdict::undetermined ||
      (judged->verdict == admission::Verdict::needs_review && !judged->category.empty() && record.office.granted);
  if (may) return;
  throw Refused(422, "school_not_eligible", "The rules of this place do not let this child enter that school.",
                judged->reasons.empty() ? "" : judged->reasons.front().clause, "school");
}

Registration registration_of(const store::Row& row) {
  Registration r;
  r.code = row[0].text(), r.level = row[1].text();
  if (!row[2].is_null()) r.number = static_cast<std::uint32_t>(row[2].integer());
  r.child_key = row[3].text(), r.guardian = row[4].text(), r.district = row[5].text(), r.filed_by = row[6].text();
  r.channel = row[7].text(), r.stage = row[8].text(), r.choice = row[9].text(), r.seat = row[10].text();
  if (!row[11].is_null()) r.answer_by = row[11].time();
  r.version = row[12].integer(), r.created = row[13].time(), r.changed = row[14].time();
  return r;
}

namespace {

template <class State>
CheckInKey check_in_signer(const State& state) {
  const auto key = state.ring.find(state.setup.season);
  if (key == nullptr) throw access::SealError(access::SealFault::no_key);
  return CheckInKey(key->key);
}

}  // namespace

Desk::Desk(DeskSetup setup, const access::KeyRing& ring, const access::FieldSeal& seal, access::Randomness randomness)
    : state_(std::make_unique<State>(std::move(setup), ring, seal, std::move(randomness))) {}
Desk::~Desk() = default;

const policy::PolicyPack& Desk::pack() const { return state_->rules.pack(); }
const std::string& Desk::season() const { return state_->setup.season; }

std::vector<std::string> Desk::levels() const {
  std::vector<std::string> ids;
  for (const auto& [id, level] : state_->levels) ids.push_back(id);
  return ids;
}

const admission::RunRules& Desk::rules(const std::string& level) const { return state_->level(level).setup.run.rules; }

const admission::RunSchool* Desk::find_school(const std::string& level, const std::string& id) const {
  const Level& at = state_->level(level);
  const auto found = at.schools.find(id);
  return found == at.schools.end() ? nullptr : &at.setup.input.schools[found->second];
}

const std::vector<admission::RunSchool>& Desk::schools(const std::string& level) const {
  return state_->level(level).setup.input.schools;
}

std::string Desk::check_in_code(const Registration& r, int school_class) const {
  return check_in_signer(*state_).sign({season(), r.level, r.seat, r.code, school_class});
}

std::string Desk::check_in_key() const { return check_in_signer(*state_).public_key(); }

std::optional<admission::SeasonHook> hook_of_event(std::string_view kind) {
  for (const admission::Transition& row : admission::transitions()) {
    if (admission::to_word(row.on) == kind) return row.hook;
  }
  return std::nullopt;
}

bool is_stage(std::string_view word) {
  if (word == "draft") return true;
  for (std::size_t i = 0; i < admission::kChildStages; ++i)
    if (admission::to_word(static_cast<admission::ChildStage>(i)) == word) return true;
  return false;
}

const std::string* Desk::find_district(const std::string& level, std::size_t number) const {
  const std::vector<std::string>& ids = state_->level(level).setup.districts;
  return number < ids.size() ? &ids[number] : nullptr;
}

admission::Eligibility Desk::judge(const Record& record) const {
  state_->district(state_->level(record.level), record.district);
  return state_->judge(record);
}

void Desk::begin(Session& session) {
  if (!state_->loaded) state_->load(session);
  state_->touched = false;
}

void Desk::abandon() {
  if (state_->touched) state_->loaded = false;
}

}  // namespace catchment::desk
