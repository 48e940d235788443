#include "server/desk/season_rows.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"

namespace catchment::desk {
namespace {

namespace admission = engine::admission;
using admission::kNobody;
using admission::SeasonOffice;
using nlohmann::ordered_json;
using store::Session;
using store::Value;

std::int64_t number_of(std::uint32_t id) { return id == kNobody ? -1 : std::int64_t{id}; }
std::uint32_t id_of(const Value& value) {
  return value.integer() < 0 ? kNobody : static_cast<std::uint32_t>(value.integer());
}

template <class Word>
Word find_word(std::size_t count, const std::string& text, const std::string& where) {
  for (std::size_t i = 0; i < count; ++i) {
    if (admission::to_word(static_cast<Word>(i)) == text) return static_cast<Word>(i);
  }
  throw InputError("season_event", where, "unknown word: " + text);
}

constexpr std::size_t kSeatWays = 8;

std::string margin_text(const admission::Separation& margin) {
  if (margin.by == admission::Criterion::none) return "";
  return std::to_string(static_cast<int>(margin.by)) + " " + std::to_string(margin.key) + " " +
         std::to_string(margin.amount);
}

admission::Separation margin_of(const std::string& text) {
  admission::Separation margin;
  int by = 0;
  unsigned long long key = 0;
  long long amount = 0;
  if (std::sscanf(text.c_str(), "%d %llu %lld", &by, &key, &amount) != 3) return margin;
  margin.by = static_cast<admission::Criterion>(by), margin.key = key, margin.amount = amount;
  return margin;
}

bool same_answer(const admission::ChildAnswer& a, const admission::ChildAnswer& b) {
  return a.way == b.way && a.clause == b.clause && a.reason == b.reason && a.rank == b.rank && a.margin == b.margin &&
         a.metres == b.metres && a.wanted == b.wanted && a.school_class == b.school_class;
}

}  // namespace

std::string kind_of_draw(const std::string& word) {
  return word == "lots" ? "public" : word == "heads" ? "head_teachers" : word;
}

store::Bytes to_bytes(std::string_view text) { return {text.begin(), text.end()}; }
std::string to_text(const store::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::uint32_t Numbers::number(std::uint64_t key) {
  const auto [at, is_new] = numbers_.try_emplace(key, static_cast<std::uint32_t>(keys_.size()));
  if (is_new) keys_.push_back(key);
  return at->second;
}

std::string print_grounds(const admission::RunChild& c, const Numbers& numbers) {
  ordered_json out;
  out["code"] = admission::view(c.code);
  out["unit"] = number_of(c.unit), out["zone_school"] = number_of(c.zone_school), out["claim"] = number_of(c.claim);
  if (c.dwelling != kNobody) out["dwelling"] = numbers.key(c.dwelling);
  if (c.family != kNobody) out["family"] = numbers.key(c.family);
  out["district"] = c.district;
  out["girl"] = c.girl, out["needs"] = c.needs, out["namesake"] = c.namesake, out["x_m"] = c.x_m, out["y_m"] = c.y_m;
  out["way"] = admission::to_word(c.way), out["tier"] = c.tier, out["keys"] = c.keys, out["clause"] = c.clause;
  out["deferred"] = c.deferred, out["leaf"] = admission::to_hex(c.leaf);
  return out.dump();
}

admission::RunChild parse_grounds(std::string_view json, Numbers& numbers) {
  admission::RunChild c;
  try {
    const ordered_json in = ordered_json::parse(json);
    const auto id = [&](const char* key) {
      const auto value = in.at(key).get<std::int64_t>();
      return value < 0 ? kNobody : static_cast<std::uint32_t>(value);
    };
    admission::parse_code(in.at("code").get<std::string>(), c.code);
    c.unit = id("unit"), c.zone_school = id("zone_school"), c.claim = id("claim");
    if (in.contains("dwelling")) c.dwelling = numbers.number(in.at("dwelling").get<std::uint64_t>());
    if (in.contains("family")) c.family = numbers.number(in.at("family").get<std::uint64_t>());
    c.district = in.at("district").get<std::uint16_t>();
    c.girl = in.at("girl").get<bool>(), c.needs = in.at("needs").get<bool>();
    c.namesake = in.at("namesake").get<int>(), c.x_m = in.at("x_m").get<int>(), c.y_m = in.at("y_m").get<int>();
    c.way = find_word<admission::SeatWay>(kSeatWays, in.at("way").get<std::string>(), "grounds");
    c.tier = in.at("tier").get<int>(), c.keys = in.at("keys").get<decltype(c.keys)>();
    c.clause = in.at("clause").get<std::string>(), c.deferred = in.at("deferred").get<bool>();
    admission::parse_hex(in.at("leaf").get<std::string>(), c.leaf);
  } catch (const nlohmann::json::exception&) {
    throw InputError("season_grounds", "season_child", "what is known of a child cannot be read");
  }
  return c;
}

void SeasonRows::load(Session& session, SeasonOffice& office) {
  load_children(session);
  load_events(session, office);
  load_memory(session, office);
  remember(office);
}

void SeasonRows::load_children(Session& session) {
  grounds_.clear();
  const auto rows =
      session.run("select before, child, grounds from season_child where level = $1 order by before, child", {level_});
  grounds_.reserve(rows.size());
  for (const store::Row& row : rows) {
    const std::string place = level_ + "/" + std::to_string(row[1].integer());
    grounds_.push_back({static_cast<std::size_t>(row[0].integer()), static_cast<std::uint32_t>(row[1].integer()),
                        parse_grounds(sealer_.open("grounds", place, to_text(row[2].bytes())), numbers_)});
  }
}

// Children come in the order of their numbers; what changed later is told again before the event it came before.
void SeasonRows::load_events(Session& session, SeasonOffice& office) {
  std::size_t next = 0;
  const auto tell_children = [&](std::size_t before) {
    for (; next < grounds_.size() && grounds_[next].before <= before; ++next) {
      Grounds& g = grounds_[next];
      if (g.child < office.input().children.size()) {
        office.change_child(g.child, std::move(g.known));
      } else {
        office.add_child(std::move(g.known));
      }
    }
  };
  const auto orders =
      session.run("select n, child, begins from season_order where level = $1 order by n, place", {level_});
  std::size_t order = 0;
  std::vector<admission::DrawnPlace> line;
  for (const store::Row& row : session.run(
           "select n, at, kind, child, school, approver, second, number, orders from season_event where level = "
           "$1 order by n",
           {level_})) {
    const auto n = static_cast<std::size_t>(row[0].integer());
    const std::string where = level_ + " event " + std::to_string(n);
    tell_children(n);
    admission::SeasonEvent event;
    event.at = row[1].time();
    event.kind = find_word<admission::SeasonEventKind>(admission::kSeasonEvents, row[2].text(), where);
    event.child = id_of(row[3]), event.school = id_of(row[4]), event.approver = id_of(row[5]);
    event.second = id_of(row[6]), event.number = static_cast<std::uint32_t>(row[7].integer());
    line.clear();
    for (std::int64_t i = 0; i < row[8].integer() && order < orders.size(); ++i, ++order)
      line.push_back({id_of(orders[order][1]), orders[order][2].integer() != 0});
    if (office.season().log().events.size() != n || office.act(event, line))
      throw InputError("season_event", where, "does not follow from the events before it");
  }
  tell_children(office.season().log().events.size());
  office.set_time(office.season().now());
  grounds_.clear();
}

void SeasonRows::load_memory(Session& session, SeasonOffice& office) {
  const std::size_t children = office.input().children.size();
  admission::OfficeMemory memory;
  memory.answers.resize(children), memory.tickets.resize(children), memory.won.resize(children);
  for (const store::Row& row :
       session.run("select child, way, clause, reason, rank, margin, metres, wanted, school_class, ticket, won from "
                   "seat_answer where level = $1",
                   {level_})) {
    const auto child = static_cast<std::size_t>(row[0].integer());
    if (child >= children) throw InputError("season_memory", level_, "an answer is of no child");
    admission::ChildAnswer& a = memory.answers[child];
    a.way = row[1].text(), a.clause = row[2].text(), a.reason = row[3].text();
    a.rank = static_cast<int>(row[4].integer()), a.margin = margin_of(row[5].text());
    a.metres = static_cast<int>(row[6].integer()), a.wanted = id_of(row[7]), a.school_class = id_of(row[8]);
    std::copy_n(row[9].bytes().begin(), std::min<std::size_t>(32, row[9].bytes().size()),
                memory.tickets[child].begin());
    memory.won[child] = static_cast<char>(row[10].integer());
  }
  for (const store::Row& row : session.run(
           "select school, seats, approver, at, over_cap from seat_over_plan where level = $1 order by n", {level_})) {
    memory.approvals.push_back(
        {id_of(row[0]), static_cast<int>(row[1].integer()), id_of(row[2]), row[3].time(), row[4].integer() != 0});
  }
  for (const store::Row& row :
       session.run("select child, round, tier, place from overflow_place where level = $1 order by n", {level_})) {
    memory.overflow.push_back({id_of(row[0]), static_cast<int>(row[1].integer()), static_cast<int>(row[2].integer()),
                               static_cast<std::uint32_t>(row[3].integer())});
    memory.rounds = std::max(memory.rounds, memory.overflow.back().round + 1);
  }
  memory.draws = load_draws(session, office);
  office.restore(std::move(memory));
}

std::vector<admission::RunDraw> SeasonRows::load_draws(Session& session, const SeasonOffice& office) {
  std::vector<admission::RunDraw> draws;
  const auto& schools = office.input().schools;
  for (const store::Row& row :
       session.run("select id, kind, school, applicants, seats, concluded_at from draw where level = $1 and state = "
                   "'concluded' order by concluded_at, id",
                   {level_})) {
    admission::RunDraw draw;
    draw.id = row[0].text(), draw.kind = kind_of_draw(row[1].text());
    const auto school = std::ranges::find(schools, row[2].text(), &admission::RunSchool::id);
    if (school != schools.end()) draw.school = static_cast<std::uint32_t>(school - schools.begin());
    draw.applicants = static_cast<int>(row[3].integer()), draw.seats = static_cast<int>(row[4].integer());
    draw.at = row[5].time();
    for (const store::Row& file : session.run("select name, body from draw_file where draw = $1", {draw.id})) {
      const std::string& name = file[0].text();
      std::string& body = name == admission::kManifestFile   ? draw.files.manifest
                          : name == admission::kCeremonyFile ? draw.files.ceremony
                          : name == admission::kResultFile   ? draw.files.result
                          : name == admission::kDealFile     ? draw.files.deal
                                                             : draw.files.list;
      body = file[1].text();
      if (&body == &draw.files.list) draw.files.list_name = name;
    }
    draws.push_back(std::move(draw));
  }
  return draws;
}

void SeasonRows::remember(const SeasonOffice& office) {
  const admission::OfficeMemory& memory = office.memory();
  events_ = office.season().log().events.size();
  approvals_ = memory.approvals.size(), overflow_ = memory.overflow.size();
  children_.clear();
  for (std::size_t i = 0; i < memory.answers.size(); ++i)
    children_.push_back({memory.answers[i], memory.tickets[i], memory.won[i], office.season().children()[i].seat});
}

void SeasonRows::child_changed(Session& session, const SeasonOffice& office, std::uint32_t child) {
  const std::string place = level_ + "/" + std::to_string(child);
  session.run(
      "insert into season_child (level, before, child, grounds) values ($1, $2, $3, $4) on conflict (level, "
      "before, child) do update set grounds = excluded.grounds",
      {level_, office.season().log().events.size(), child,
       to_bytes(sealer_.seal("grounds", place, print_grounds(office.input().children[child], numbers_)))});
}

bool SeasonRows::behind(const SeasonOffice& office) const { return office.season().log().events.size() != events_; }

bool SeasonRows::answer_saved(const SeasonOffice& office, std::uint32_t child) const {
  const admission::OfficeMemory& memory = office.memory();
  const SavedChild& saved = children_[child];
  return same_answer(saved.answer, memory.answers[child]) && saved.ticket == memory.tickets[child] &&
         saved.won == memory.won[child];
}

void SeasonRows::save_event(Session& session, const SeasonOffice& office, std::size_t n) {
  const admission::SeasonLog& log = office.season().log();
  const admission::SeasonEvent& e = log.events[n];
  session.run(
      "insert into season_event (level, n, at, kind, child, school, approver, second, number, orders) values "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {level_, n, e.at, admission::to_word(e.kind), number_of(e.child), number_of(e.school), number_of(e.approver),
       number_of(e.second), e.number, e.order_count});
  for (std::uint32_t i = 0; i < e.order_count; ++i) {
    const admission::DrawnPlace& place = log.orders[e.order_from + i];
    session.run("insert into season_order (level, n, place, child, begins) values ($1, $2, $3, $4, $5)",
                {level_, n, i, place.child, place.first ? 1 : 0});
  }
}

// Stage and seat as the events left them.
void SeasonRows::save_child(Session& session, const SeasonOffice& office, std::uint32_t child) {
  const admission::ChildState& state = office.season().children()[child];
  const auto& schools = office.input().schools;
  const auto school = [&](std::uint32_t s) { return s == kNobody ? std::string() : schools[s].id; };
  const bool waits = state.stage == admission::ChildStage::drawn || state.stage == admission::ChildStage::offered;
  session.run(
      "update registration set stage = $3, choice = $4, seat = $5, answer_by = $6, changed = $7, version = "
      "version + 1 where level = $1 and number = $2",
      {level_, child, admission::to_word(state.stage), school(state.choice), school(state.seat),
       waits ? Value(state.answer_by) : Value(), office.season().now()});
}

void SeasonRows::move_lock(Session& session, const SeasonOffice& office, std::uint32_t child) {
  const std::uint32_t seat = office.season().children()[child].seat;
  if (seat == children_[child].seat) return;
  const std::string code(admission::view(office.input().children[child].code));
  if (children_[child].seat != kNobody) session.run("delete from seat_lock where code = $1", {code});
  if (seat != kNobody) {
    session.run(
        "insert into seat_lock (child_key, level, code, school, since) select child_key, level, code, $3, $4 "
        "from registration where level = $1 and number = $2",
        {level_, child, office.input().schools[seat].id, office.season().now()});
  }
  children_[child].seat = seat;
}

void SeasonRows::save_answer(Session& session, const SeasonOffice& office, std::uint32_t child) {
  const admission::OfficeMemory& memory = office.memory();
  const admission::ChildAnswer& a = memory.answers[child];
  session.run(
      "insert into seat_answer (level, child, way, clause, reason, rank, margin, metres, wanted, school_class, "
      "ticket, won) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (level, child) do "
      "update set way = excluded.way, clause = excluded.clause, reason = excluded.reason, rank = excluded.rank, "
      "margin = excluded.margin, metres = excluded.metres, wanted = excluded.wanted, school_class = "
      "excluded.school_class, ticket = excluded.ticket, won = excluded.won",
      {level_, child, a.way, a.clause, a.reason, a.rank, margin_text(a.margin), a.metres, number_of(a.wanted),
       number_of(a.school_class), memory.tickets[child], memory.won[child] != 0 ? 1 : 0});
}

void SeasonRows::save(Session& session, const SeasonOffice& office, Reach reach) {
  const admission::SeasonLog& log = office.season().log();
  const admission::OfficeMemory& memory = office.memory();
  children_.resize(memory.answers.size());
  std::vector<std::uint32_t> touched;
  for (std::size_t n = events_; n < log.events.size(); ++n) {
    save_event(session, office, n);
    if (log.events[n].child != kNobody) touched.push_back(log.events[n].child);
    for (std::uint32_t i = 0; i < log.events[n].order_count; ++i)
      touched.push_back(log.orders[log.events[n].order_from + i].child);
  }
  std::ranges::sort(touched);
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const std::uint32_t child : touched) {
    save_child(session, office, child);
    move_lock(session, office, child);
    if (!answer_saved(office, child)) save_answer(session, office, child);
  }
  for (std::uint32_t child = 0; reach == Reach::step && child < children_.size(); ++child) {
    if (!answer_saved(office, child)) save_answer(session, office, child);
  }
  for (std::size_t n = approvals_; n < memory.approvals.size(); ++n) {
    const admission::SeatOverPlan& a = memory.approvals[n];
    session.run(
        "insert into seat_over_plan (level, n, school, seats, approver, at, over_cap) values ($1, $2, $3, $4, "
        "$5, $6, $7)",
        {level_, n, a.school, a.seats, number_of(a.approver), a.at, a.over_cap ? 1 : 0});
  }
  for (std::size_t n = overflow_; n < memory.overflow.size(); ++n) {
    const admission::OverflowRow& o = memory.overflow[n];
    session.run("insert into overflow_place (level, n, child, round, tier, place) values ($1, $2, $3, $4, $5, $6)",
                {level_, n, o.child, o.round, o.tier, o.place});
  }
  events_ = log.events.size(), approvals_ = memory.approvals.size(), overflow_ = memory.overflow.size();
}

}  // namespace catchment::desk
