// Which line a name means, and the ways along it.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "engine/zone_text/compiling/line_sections.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr std::size_t kMostPaths = 12;
constexpr std::size_t kMostTries = 400;  // paths looked at in a street of many pieces

// Pieces cut where the end of another piece stands on them, so that every way through is a way between nodes.
std::vector<geo::Polyline> cut_at_ends(const std::vector<geo::Polyline>& pieces, const Frame& frame) {
  std::vector<geo::Polyline> out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::vector<std::pair<double, geo::Point>> cuts;
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      if (k == i) continue;
      for (const geo::Point end : {pieces[k].front(), pieces[k].back()}) {
        if (end == pieces[i].front() || end == pieces[i].back()) continue;
        const Foot foot = foot_on(pieces[i], end, frame);
        if (foot.distance_m < 0.05) cuts.emplace_back(foot.along_m, end);
      }
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    double from = 0;
    geo::Polyline rest = pieces[i];
    for (const auto& [along, at] : cuts) {
      geo::Polyline head = stretch(rest, frame, 0, along - from);
      geo::Polyline tail = stretch(rest, frame, along - from, length_m(rest, frame));
      if (head.size() < 2 || tail.size() < 2) continue;
      head.back() = at;
      tail.front() = at;
      from = along;
      out.push_back(std::move(head));
      rest = std::move(tail);
    }
    out.push_back(std::move(rest));
  }
  return out;
}

// The ways through a street's pieces.
class PathSearch {
 public:
  PathSearch(const std::vector<geo::Polyline>& pieces, double bridge_m) : frame_(pieces.front().front()) {
    for (geo::Polyline& piece : cut_at_ends(pieces, frame_)) {
      if (piece.front() == piece.back()) {
        out_.push_back({kNoLine, piece, piece, true, {}});
      } else {
        add_edge(std::move(piece), false);
      }
    }
    bridge(bridge_m);
  }

  std::vector<LinePath> run() {
    std::vector<geo::Point> starts;
    for (const auto& [node, edges] : at_) {
      if (edges.size() == 1) starts.push_back(node);
    }
    if (starts.empty()) {
      for (const auto& [node, edges] : at_) starts.push_back(node);
    }
    for (const geo::Point start : starts) walk(start, {}, {start});
    const auto longer = [&](const LinePath& a, const LinePath& b) {
      const double la = length_m(a.points, frame_);
      const double lb = length_m(b.points, frame_);
      return la != lb ? la > lb : a.points < b.points;
    };
    std::sort(out_.begin(), out_.end(), longer);
    if (out_.size() > kMostPaths) out_.resize(kMostPaths);
    return std::move(out_);
  }

 private:
  struct Edge {
    geo::Polyline points;
    bool bridge = false;
  };

  void add_edge(geo::Polyline points, bool is_bridge) {
    at_[points.front()].push_back(edges_.size());
    at_[points.back()].push_back(edges_.size());
    edges_.push_back({std::move(points), is_bridge});
  }

  // Every loose end gets a bridge to the nearest other loose end, if that is near enough.
  void bridge(double bridge_m) {
    std::vector<geo::Point> loose;
    for (const auto& [node, edges] : at_) {
      if (edges.size() == 1) loose.push_back(node);
    }
    std::set<std::pair<geo::Point, geo::Point>> bridges;
    for (const geo::Point a : loose) {
      std::optional<geo::Point> nearest;
      for (const geo::Point b : loose) {
        const double d = frame_.distance_m(a, b);
        if (a == b || d > bridge_m || at_[a].front() == at_[b].front()) continue;
        if (!nearest || d < frame_.distance_m(a, *nearest)) nearest = b;
      }
      if (nearest) bridges.insert({std::min(a, *nearest), std::max(a, *nearest)});
    }
    for (const auto& [a, b] : bridges) add_edge({a, b}, true);
  }

  void walk(geo::Point at, std::vector<std::size_t> taken, std::set<geo::Point> seen) {
    if (tries_ > kMostTries) return;
    bool further = false;
    for (const std::size_t e : at_.at(at)) {
      const geo::Point next = edges_[e].points.front() == at ? edges_[e].points.back() : edges_[e].points.front();
      if (seen.contains(next)) continue;
      further = true;
      std::vector<std::size_t> more = taken;
      more.push_back(e);
      std::set<geo::Point> now = seen;
      now.insert(next);
      walk(next, std::move(more), std::move(now));
    }
    if (!further && !taken.empty()) keep(taken, at);
  }

  void keep(const std::vector<std::size_t>& taken, geo::Point end) {
    ++tries_;
    LinePath path;
    geo::Point at = end;
    for (auto e = taken.rbegin(); e != taken.rend(); ++e) {
      const Edge& edge = edges_[*e];
      const geo::Polyline part = edge.points.front() == at ? edge.points : reversed(edge.points);
      path.points.insert(path.points.end(), part.begin() + (path.points.empty() ? 0 : 1), part.end());
      if (edge.bridge) path.bridges.emplace_back(part.front(), part.back());
      at = part.back();
    }
    if (path.points.back() < path.points.front()) std::reverse(path.points.begin(), path.points.end());
    path.whole = path.points;
    const bool known =
        std::any_of(out_.begin(), out_.end(), [&](const LinePath& p) { return p.points == path.points; });
    if (!known) out_.push_back(std::move(path));
  }

  Frame frame_;
  std::vector<Edge> edges_;
  std::map<geo::Point, std::vector<std::size_t>> at_;
  std::vector<LinePath> out_;
  std::size_t tries_ = 0;
};

bool is_generic(const Line& line) {
  static constexpr std::array<std::string_view, 6> kWords{"铁路", "铁路线", "铁道", "铁道线", "河", "河流"};
  return std::find(kWords.begin(), kWords.end(), line.name.text) != kWords.end();
}

std::string without_ending(std::string name, std::initializer_list<std::string_view> endings) {
  for (const std::string_view ending : endings) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

std::vector<LinePath> edges_of_area(const GroundArea& area) {
  std::vector<LinePath> out;
  for (const geo::Polygon& part : area.shape) {
    LinePath path;
    path.points = part.shell;
    path.points.push_back(part.shell.front());
    path.whole = path.points;
    path.closed = true;
    out.push_back(std::move(path));
  }
  return out;
}

// Every thing of the ground that may be meant, each with its ways.
std::vector<std::vector<LinePath>> things_named(const Line& line, const Ground& ground, double bridge_m) {
  std::vector<std::vector<LinePath>> things;
  std::vector<std::size_t> found = find_named_lines(line, ground).lines;
  for (const Name& also : line.also) {
    if (found.empty()) found = ground.find_lines(also.text);
  }
  if (is_generic(line)) {
    found.clear();
    const LineKind wanted = line.name.text.starts_with("铁") ? LineKind::railway : LineKind::river;
    for (std::size_t i = 0; i < ground.lines().size(); ++i) {
      if (ground.lines()[i].kind == wanted) found.push_back(i);
    }
  }
  for (const std::size_t i : found) {
    things.push_back(paths_along(ground.lines()[i].pieces, bridge_m));
    for (LinePath& path : things.back()) path.ground_line = i;
  }
  if (!things.empty()) return things;
  for (const std::string& name :
       {line.name.text, without_ending(line.name.text, {"边界线", "边界", "东界", "西界", "南界", "北界", "界线", "界",
                                                        "围墙", "院墙", "墙"})}) {
    for (const std::size_t i : ground.find_areas(name)) things.push_back(edges_of_area(ground.areas()[i]));
    if (!things.empty()) break;
  }
  return things;
}

struct Rank {
  int contacts = 0;
  double far_m = 0;   // from the others it does not meet, together
  double seed_m = 0;  // from the nearest seed; 0 without one
};

Rank rank(const LinePath& path, const std::vector<std::vector<const geo::Polyline*>>& others,
          const CompileOptions& options, const Frame& frame) {
  Rank out;
  for (const auto& other : others) {
    double nearest = 1e9;
    for (const geo::Polyline* points : other) {
      if (box_distance_m(box_of(path.points), box_of(*points), frame) >= nearest) continue;
      if (const auto contact = nearest_contact(path.points, *points, frame, nearest)) nearest = contact->distance_m;
    }
    if (nearest <= options.bridge_m) {
      ++out.contacts;
    } else {
      out.far_m += nearest;
    }
  }
  for (std::size_t i = 0; i < options.seeds.size(); ++i) {
    const double d = foot_on(path.points, options.seeds[i], frame).distance_m;
    out.seed_m = i == 0 ? d : std::min(out.seed_m, d);
  }
  return out;
}

// All the lines a boundary names, those of a walk too.
std::vector<const Line*> lines_of(const LineExpr& expr) {
  std::vector<const Line*> out;
  for (const Line& line : expr.lines) out.push_back(&line);
  for (const WalkStep& step : expr.steps) {
    if (step.along) out.push_back(&*step.along);
    out.push_back(&step.to);
  }
  return out;
}

// Trims a path to what lies between two crossing lines: （A路至B路区间段）.
void trim_to_section(LinePath& path, const Line& line, const Ground& ground, const CompileOptions& options,
                     const Frame& frame, Reporter& report) {
  std::vector<double> ends;
  for (const auto& name : {line.from, line.to}) {
    if (!name) continue;
    std::optional<Contact> best;
    Line cross;
    cross.name = *name;
    for (const auto& ways : things_named(cross, ground, options.bridge_m)) {
      for (const LinePath& way : ways) {
        const auto contact = nearest_contact(path.points, way.points, frame, options.bridge_m);
        if (contact && (!best || contact->distance_m < best->distance_m)) best = contact;
      }
    }
    if (best) {
      ends.push_back(best->along_a);
    } else {
      report.add(FindingKind::unknown_name, name->span,
                 "No line of that name meets " + line.name.text + ", so the stretch is not cut there.");
    }
  }
  if (ends.size() == 2 && std::fabs(ends[0] - ends[1]) > 1) {
    path.points = stretch(path.points, frame, std::min(ends[0], ends[1]), std::max(ends[0], ends[1]));
    path.closed = false;
  }
}

}  // namespace

std::vector<LinePath> paths_along(const std::vector<geo::Polyline>& pieces, double bridge_m) {
  if (pieces.size() == 1) {
    const bool closed = pieces.front().front() == pieces.front().back();
    return {{kNoLine, pieces.front(), pieces.front(), closed, {}}};
  }
  return PathSearch(pieces, bridge_m).run();
}

std::vector<ResolvedLine> resolve_lines(const std::vector<const Side*>& sides, const Ground& ground,
                                        const CompileOptions& options, const Frame& frame, Reporter& report) {
  std::vector<ResolvedLine> out;
  std::vector<std::vector<std::vector<LinePath>>> things;  // per line, per thing, its ways
  for (const Side* side : sides) {
    for (const Line* line : lines_of(side->line)) {
      out.push_back({line, side, {}});
      things.push_back(things_named(*line, ground, options.bridge_m));
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Line& line = *out[i].line;
    if (things[i].empty()) {
      report.add(FindingKind::unknown_name, line.name.span,
                 "No line of the city bears the name " + line.name.text + ".");
      continue;
    }
    std::vector<std::vector<const geo::Polyline*>> others;
    for (std::size_t k = 0; k < out.size(); ++k) {
      if (k == i || things[k].empty()) continue;
      others.emplace_back();
      for (const auto& ways : things[k]) {
        for (const LinePath& way : ways) others.back().push_back(&way.points);
      }
    }
    struct Ranked {
      Rank rank;
      std::size_t thing;
      LinePath path;
    };
    std::vector<Ranked> ranked;
    const bool alone = things[i].size() == 1 && things[i][0].size() == 1;
    for (std::size_t t = 0; t < things[i].size(); ++t) {
      for (LinePath& way : things[i][t]) {
        const Rank r = alone ? Rank{} : rank(way, others, options, frame);
        ranked.push_back({r, t, way});
      }
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
      if (a.rank.contacts != b.rank.contacts) return a.rank.contacts > b.rank.contacts;
      return a.rank.far_m + a.rank.seed_m < b.rank.far_m + b.rank.seed_m;
    });
    const auto rival =
        std::find_if(ranked.begin(), ranked.end(), [&](const Ranked& r) { return r.thing != ranked.front().thing; });
    if (rival != ranked.end() && rival->rank.contacts == ranked.front().rank.contacts &&
        rival->rank.far_m + rival->rank.seed_m < 1.5 * (ranked.front().rank.far_m + ranked.front().rank.seed_m) + 1) {
      Finding& f = report.add(FindingKind::ambiguous_name, line.name.span,
                              std::to_string(things[i].size()) + " lines bear the name " + line.name.text +
                                  " and nothing else in the text tells which is meant.");
      f.candidates.assign(things[i].size(), line.name.text);
      continue;
    }
    for (Ranked& r : ranked) {
      if (r.thing != ranked.front().thing || r.rank.contacts != ranked.front().rank.contacts) continue;
      if (line.from || line.to) trim_to_section(r.path, line, ground, options, frame, report);
      out[i].candidates.push_back(std::move(r.path));
    }
  }
  return out;
}

}  // namespace catchment::engine::zone_text
