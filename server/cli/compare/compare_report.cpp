// The page of a comparison: what stands above all, its style, the statements.
#include <set>

#include "engine/planning/comparison/figures.hpp"
#include "server/cli/compare/compare_parts.hpp"
#include "server/cli/report/html.hpp"
#include "server/cli/report/page_style.hpp"

namespace catchment::cli::report {

using namespace engine::planning;

std::string stage_chinese(const PlanComparison& c, StageIndex stage) {
  const engine::Stage of = c.city().stages[stage];
  return of == engine::Stage::primary ? "小学" : of == engine::Stage::junior ? "初中" : "高中";
}

std::string stage_english(const PlanComparison& c, StageIndex stage) {
  return std::string(engine::to_word(c.city().stages[stage]));
}

std::string answer_text(const PlanMoves& moves, const ComparedAnswer& answer) {
  if (answer.empty()) return "未划定";
  std::string names;
  for (const ComparedIndex s : answer) names += (names.empty() ? "" : "＋") + moves.ground.schools[s].name;
  return names;
}

std::string pair_chinese(const PlanComparison& c, const PlanPair& pair) {
  return c.label(pair.before) + " → " + c.label(pair.after);
}

std::string pair_english(const PlanComparison& c, const PlanPair& pair) {
  return "from " + c.label_en(pair.before) + " to " + c.label_en(pair.after);
}

bool is_touched(const SchoolMoves& s) {
  return s.gained > 0 || s.lost > 0 || s.seats[kBefore] != s.seats[kAfter] || s.open[kBefore] != s.open[kAfter] ||
         s.only[kBefore] != s.only[kAfter];
}

TouchedSchools::TouchedSchools(const PlanComparison& c) {
  for (StageIndex k = 0; k < c.city().stages.size(); ++k) {
    std::set<std::string> ids;
    for (const PlanPair& pair : c.pairs) {
      for (const SchoolMoves& s : pair.moves.schools) {
        if (pair.before == 0 && s.stage == k && is_touched(s)) ids.insert(pair.moves.ground.schools[s.school].id);
      }
    }
    int number = 0;
    for (const std::string& id : ids) numbers_[{k, id}] = ++number;
  }
}

int TouchedSchools::number(StageIndex stage, const std::string& id) const {
  const auto found = numbers_.find({stage, id});
  return found == numbers_.end() ? 0 : found->second;
}

// Zone colours are Paul Tol's light scheme, which holds for all kinds of colour blindness; judgements differ in words
// and arrows as well as in colour.
std::string compare_style() {
  return page_style() + R"css(
.map .z0,.legend .z0{fill:#77aadd}.map .z1,.legend .z1{fill:#eedd88}.map .z2,.legend .z2{fill:#44bb99}
.map .z3,.legend .z3{fill:#ffaabb}.map .z4,.legend .z4{fill:#bbcc33}.map .z5,.legend .z5{fill:#99ddff}
.map .z6,.legend .z6{fill:#ee8866}.map .z7,.legend .z7{fill:#d6d0e8}
.map path.moved,.legend .moved{fill:url(#hatch);stroke:#111;stroke-width:3}
.map path.leaves,.legend .leaves{fill:none;stroke:#111;stroke-width:3;stroke-dasharray:9 5}
.legend .moved,.legend .leaves{stroke-width:1.5}.legend .leaves{stroke-dasharray:4 2}
.hatch{stroke:#111;stroke-width:3.4}.defs{position:absolute}
.map .name{font-weight:600;font-size:26px}
.tag.up{background:#d5e8f7;color:#0b3a63}.tag.down{background:#fbe0c8;color:#6b2c00}.same{color:var(--soft)}
td .tag{font-size:.86em}
.no-of{display:inline-block;min-width:1.5em;padding:0 .3em;border-radius:1em;background:#1d2327;color:#fff;text-align:center;font-size:.86em}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--blue);padding:.3rem 0}
.plan-card h3{margin:.2rem 0}.plan-card{border:1px solid var(--line);border-left:8px solid var(--blue);border-radius:4px;padding:.4rem .8rem;margin:.8rem 0}
.plan-card ul{margin:.3rem 0;padding-left:1.2rem}
.statement{border:1px solid var(--line);border-radius:4px;padding:.6rem 1.2rem;margin:1rem 0;max-width:46rem}
.statement h3{text-align:center;font-size:1.25rem}.statement h4{margin:1rem 0 .3rem}
.statement ul{margin:.3rem 0;padding-left:1.3rem}
.statement[lang=en]{font-size:.95em}
@media (max-width:28rem){.statement{padding:.4rem .7rem}td .tag{white-space:normal}}
@media print{.statement{break-before:page;border:0;max-width:none;padding:0}details{display:none}}
)css";
}

namespace {

std::string item(const std::string& chinese, const std::string& english) {
  return "<li>" + both(chinese, english) + "</li>\n";
}

// What a plan comes down to, stage by stage.
std::string plan_card(const PlanComparison& c, const PlanPair& pair) {
  const SidePlan& side = c.plan(pair.after);
  std::string out = "<div class=\"plan-card\"><h3>" + escape(c.label(pair.after) + "：" + side.name) + "</h3>\n<ul>\n";
  if (pair.moves.empty()) out += item("各单元的学校均与现行划片相同", "every unit keeps its school");
  for (StageIndex k = 0; k < c.city().stages.size(); ++k) {
    MoveSums sums;
    for (YearIndex y = 0; y < c.city().years; ++y) {
      const MoveSums& year = pair.moves.sums[k * c.city().years + y];
      sums.children += year.children, sums.walk.add(year.walk);
      sums.parcels = std::max(sums.parcels, year.parcels), sums.addresses = std::max(sums.addresses, year.addresses);
    }
    if (sums.parcels == 0) continue;
    std::string zh = stage_chinese(c, k) + "：" + std::to_string(sums.parcels) + "个单元、" + grouped(sums.addresses) +
                     "个地址、各年合计" + people_text(sums.children) + "名儿童的学校有变";
    std::string en = stage_english(c, k) + ": " + std::to_string(sums.parcels) + " units, " + grouped(sums.addresses) +
                     " addresses, " + people_text(sums.children) + " children over all years";
    if (sums.walk.children > 0) {
      zh += "，其平均步行由" + metres_text(*sums.walk.mean_m(kBefore)) + "米变为" +
            metres_text(*sums.walk.mean_m(kAfter)) + "米";
      en += ", mean walk " + metres_text(*sums.walk.mean_m(kBefore)) + " to " + metres_text(*sums.walk.mean_m(kAfter)) +
            " m";
    }
    if (sums.walk.farther > 0) {
      zh += "，" + people_text(sums.walk.farther) + "名多走500米以上";
      en += ", " + people_text(sums.walk.farther) + " over 500 m farther";
    }
    out += item(zh, en);
  }
  out += c.certificates[pair.after].holds()
             ? item("每个地址恰有一个答案", "every address has exactly one answer")
             : item("并非每个地址都恰有一个答案，见核验", "the certificate does not hold");
  return out + "</ul></div>\n";
}

std::string headline_section(const PlanComparison& c) {
  std::string out = "<section>\n" + heading(2, "headline", "要点", "In short");
  for (const PlanPair& pair : c.pairs) {
    if (pair.before == 0) out += plan_card(c, pair);
  }
  return out + "</section>\n";
}

std::string statement_article(const std::vector<StatementLine>& lines, Language language) {
  const bool chinese = language == Language::chinese;
  std::string out = std::string("<article class=\"statement\" lang=\"") + (chinese ? "zh-CN" : "en") + "\">\n";
  bool in_list = false;
  for (const StatementLine& line : lines) {
    const bool is_item = line.kind == StatementLine::Kind::item;
    if (is_item != in_list) out += is_item ? "<ul>\n" : "</ul>\n";
    in_list = is_item;
    const std::string text = escape(chinese ? line.zh : line.en);
    switch (line.kind) {
      case StatementLine::Kind::title:
        out += "<h3>" + text + "</h3>\n";
        break;
      case StatementLine::Kind::warning:
        out += "<p class=\"made-up\">" + text + "</p>\n";
        break;
      case StatementLine::Kind::heading:
        out += "<h4>" + text + "</h4>\n";
        break;
      case StatementLine::Kind::paragraph:
        out += "<p>" + text + "</p>\n";
        break;
      case StatementLine::Kind::item:
        out += "<li>" + text + "</li>\n";
    }
  }
  return out + (in_list ? "</ul>\n" : "") + "</article>\n";
}

std::string statement_section(const PlanComparison& c) {
  std::string out = "<section>\n" + heading(2, "statement", "征求意见影响说明", "Impact statements for consultation");
  for (const std::vector<StatementLine>& lines : c.statements) {
    if (lines.empty()) continue;
    out += statement_article(lines, Language::chinese) + statement_article(lines, Language::english);
  }
  return out + "</section>\n";
}

std::string introduction(const PlanComparison& c) {
  std::string out;
  const int first = c.city().school_year(0), last = c.city().base_year + static_cast<int>(c.city().years);
  const std::string draws =
      c.draws > 0 ? "；学位供需按" + std::to_string(c.draws) + "次模拟" : "；没有学籍数据，未作预测";
  out +=
      "<p>" +
      both("以现行划片为基准，比较" + std::to_string(first) + "—" + std::to_string(last) + "年入学儿童的学校" + draws +
               "。",
           "Against the zones in force, for children entering " + std::to_string(first) + "–" + std::to_string(last) +
               (c.draws > 0 ? "; demand of " + std::to_string(c.draws) + " draws, seed " + std::to_string(c.seed)
                            : "; nothing was forecast") +
               ".") +
      "</p>\n<ul>\n";
  for (std::size_t i = 1; i < c.sides.plans.size(); ++i) {
    out += "<li>" + both(c.label(i) + "：" + c.plan(i).name, c.plan(i).source) + "</li>\n";
  }
  return out +
         "</ul>\n<nav aria-label=\"目录 Contents\"><a href=\"#headline\">要点</a> <a href=\"#map\">学区图</a> <a "
         "href=\"#indicators\">指标对照</a> <a href=\"#schools\">各校</a> <a href=\"#moves\">谁的学校有变</a> <a "
         "href=\"#certificate\">核验</a> <a href=\"#statement\">影响说明</a></nav>\n";
}

}  // namespace

std::string comparison_page(const PlanComparison& c) {
  const TouchedSchools touched(c);
  std::string out = page_head("学区划分方案比较", "Boundary plans compared", compare_style(),
                              c.sides.desk.package.synthetic(), introduction(c));
  out += headline_section(c) + maps_section(c, touched) + indicator_section(c) + school_section(c, touched) +
         moves_section(c) + certificate_section(c) + statement_section(c);
  return out + page_end();
}

}  // namespace catchment::cli::report
