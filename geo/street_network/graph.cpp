#include "geo/street_network/graph.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "geo/input_error.hpp"
#include "geo/projection.hpp"
#include "geo/street_network/raw_graph.hpp"

namespace catchment::geo {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

std::uint64_t z_order(Point p) {
  const auto spread = [](std::int32_t coordinate) {
    std::uint64_t x = static_cast<std::uint32_t>(coordinate) ^ 0x80000000u;
    x = (x | x << 16) & 0x0000FFFF0000FFFFull;
    x = (x | x << 8) & 0x00FF00FF00FF00FFull;
    x = (x | x << 4) & 0x0F0F0F0F0F0F0F0Full;
    x = (x | x << 2) & 0x3333333333333333ull;
    return (x | x << 1) & 0x5555555555555555ull;
  };
  return spread(p.lon) | spread(p.lat) << 1;
}

// Joins the stretches of one street between two junctions.
class Chainer {
 public:
  Chainer(const RawGraph& raw, std::span<const StreetLine> streets) : raw_(raw), streets_(streets) {}

  Graph run() {
    list_ends();
    mark_junctions();
    number_junctions();
    for (const std::uint32_t raw_node : order_) {
      for (const std::uint32_t end : ends_of(raw_node)) {
        if (!used_[end / 2]) add_edge(end);
      }
    }
    add_arcs();
    find_components();
    return std::move(out_);
  }

 private:
  // An end of a raw edge: 2 * edge at its `from`, 2 * edge + 1 at its `to`.
  void list_ends() {
    first_end_.assign(raw_.nodes.size() + 1, 0);
    for (const RawEdge& e : raw_.edges) {
      ++first_end_[e.from + 1];
      ++first_end_[e.to + 1];
    }
    std::partial_sum(first_end_.begin(), first_end_.end(), first_end_.begin());
    ends_.resize(first_end_.back());
    std::vector<std::uint32_t> at(first_end_.begin(), first_end_.end() - 1);
    for (std::uint32_t i = 0; i < raw_.edges.size(); ++i) {
      ends_[at[raw_.edges[i].from]++] = 2 * i;
      ends_[at[raw_.edges[i].to]++] = 2 * i + 1;
    }
  }
  std::span<const std::uint32_t> ends_of(std::uint32_t node) const {
    return std::span(ends_).subspan(first_end_[node], first_end_[node + 1] - first_end_[node]);
  }
  std::uint32_t node_at(std::uint32_t end) const {
    const RawEdge& e = raw_.edges[end / 2];
    return end % 2 == 0 ? e.from : e.to;
  }
  // Leaving through this end.
  int side(std::uint32_t end) const {
    const int s = static_cast<int>(raw_.edges[end / 2].side);
    return end % 2 == 0 ? s : -s;
  }

  bool continues(std::uint32_t node) const {
    const auto ends = ends_of(node);
    if (ends.size() != 2 || ends[0] / 2 == ends[1] / 2) return false;
    const RawEdge& x = raw_.edges[ends[0] / 2];
    const RawEdge& y = raw_.edges[ends[1] / 2];
    return x.kind == y.kind && side(ends[0]) == -side(ends[1]) &&
           (x.line == y.line || streets_[x.line].name == streets_[y.line].name);
  }

  void mark_junctions() {
    junction_.assign(raw_.nodes.size(), 0);
    for (const RawPassage& p : raw_.passages) junction_[p.a] = junction_[p.b] = 1;
    for (std::uint32_t n = 0; n < raw_.nodes.size(); ++n) junction_[n] |= !continues(n) && !ends_of(n).empty();
    // A ring without a junction gets one where it comes first.
    std::vector<char> seen(raw_.edges.size(), 0);
    const auto walk = [&](std::uint32_t end) {
      for (;;) {
        seen[end / 2] = 1;
        const std::uint32_t next = node_at(end ^ 1u);
        if (junction_[next]) return;
        end = onward(end);
      }
    };
    for (std::uint32_t n = 0; n < raw_.nodes.size(); ++n) {
      if (!junction_[n]) continue;
      for (const std::uint32_t end : ends_of(n)) {
        if (!seen[end / 2]) walk(end);
      }
    }
    for (std::uint32_t n = 0; n < raw_.nodes.size(); ++n) {
      if (junction_[n] || ends_of(n).empty() || seen[ends_of(n)[0] / 2]) continue;
      junction_[n] = 1;
      walk(ends_of(n)[0]);
    }
  }

  // Through this end along its edge, and out of the node behind it, which is no junction.
  std::uint32_t onward(std::uint32_t end) const {
    const auto ends = ends_of(node_at(end ^ 1u));
    return ends[0] == (end ^ 1u) ? ends[1] : ends[0];
  }

  void number_junctions() {
    for (std::uint32_t n = 0; n < raw_.nodes.size(); ++n) {
      if (junction_[n]) order_.push_back(n);
    }
    std::vector<std::uint64_t> place(raw_.nodes.size());
    for (const std::uint32_t n : order_) place[n] = z_order(raw_.nodes[n]);
    std::stable_sort(order_.begin(), order_.end(), [&](auto x, auto y) { return place[x] < place[y]; });
    number_.assign(raw_.nodes.size(), kNone);
    for (const std::uint32_t n : order_) {
      number_[n] = static_cast<std::uint32_t>(out_.nodes.size());
      out_.nodes.push_back(raw_.nodes[n]);
    }
    used_.assign(raw_.edges.size(), 0);
  }

  void add_edge(std::uint32_t end) {
    const RawEdge& first = raw_.edges[end / 2];
    GraphEdge edge{
        number_[node_at(end)],           0, static_cast<std::uint32_t>(out_.vertices.size()), 0, first.line, first.kind,
        static_cast<EdgeSide>(side(end))};
    double metres = 0;
    Point here = raw_.nodes[node_at(end)];
    out_.vertices.push_back(here);
    out_.metres.push_back(0);
    for (;;) {
      used_[end / 2] = 1;
      const std::uint32_t next = node_at(end ^ 1u);
      metres += stretch_m(here, raw_.nodes[next]);
      here = raw_.nodes[next];
      out_.vertices.push_back(here);
      out_.metres.push_back(metres);
      if (junction_[next]) {
        edge.to = number_[next];
        break;
      }
      end = onward(end);
    }
    const double mm = std::ceil(metres * 1000);
    if (mm > static_cast<double>(kMaxWalk_mm)) {
      throw InputError("street_too_long", std::string(streets_[first.line].name),
                       "a street of " + std::to_string(static_cast<int>(metres / 1000)) + " km without a junction");
    }
    edge.length_mm = static_cast<std::uint32_t>(mm);
    out_.edges.push_back(edge);
  }

  void add_arcs() {
    struct Half {
      std::uint32_t from;
      GraphArc arc;
    };
    std::vector<Half> halves;
    halves.reserve(2 * (out_.edges.size() + raw_.passages.size()));
    const auto add = [&](std::uint32_t a, std::uint32_t b, std::uint32_t edge, WalkKey key) {
      halves.push_back({a, {b, edge, key}});
      halves.push_back({b, {a, edge, key}});
    };
    for (std::uint32_t i = 0; i < out_.edges.size(); ++i) {
      const GraphEdge& e = out_.edges[i];
      add(e.from, e.to, i, WalkKey::of_length(e.length_mm));
    }
    for (const RawPassage& p : raw_.passages) add(number_[p.a], number_[p.b], kPassage, p.key);
    std::stable_sort(halves.begin(), halves.end(), [](const Half& x, const Half& y) { return x.from < y.from; });
    out_.first_arc.assign(out_.nodes.size() + 1, 0);
    for (const Half& h : halves) {
      ++out_.first_arc[h.from + 1];
      out_.arcs.push_back(h.arc);
    }
    std::partial_sum(out_.first_arc.begin(), out_.first_arc.end(), out_.first_arc.begin());
  }

  void find_components() {
    std::vector<GraphComponent> found;
    std::vector<std::uint32_t> of(out_.nodes.size(), kNone);
    std::vector<std::uint32_t> stack;
    for (std::uint32_t start = 0; start < of.size(); ++start) {
      if (of[start] != kNone) continue;
      const auto c = static_cast<std::uint32_t>(found.size());
      found.emplace_back();
      of[start] = c;
      stack.push_back(start);
      while (!stack.empty()) {
        const std::uint32_t n = stack.back();
        stack.pop_back();
        ++found[c].nodes;
        for (std::uint32_t a = out_.first_arc[n]; a < out_.first_arc[n + 1]; ++a) {
          if (of[out_.arcs[a].to] != kNone) continue;
          of[out_.arcs[a].to] = c;
          stack.push_back(out_.arcs[a].to);
        }
      }
    }
    for (const GraphEdge& e : out_.edges) {
      ++found[of[e.from]].edges;
      found[of[e.from]].length_m += e.length_mm / 1000.0;
    }
    std::vector<std::uint32_t> rank(found.size());
    std::vector<std::uint32_t> sorted(found.size());
    std::iota(sorted.begin(), sorted.end(), 0u);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&](auto x, auto y) { return found[x].length_m > found[y].length_m; });
    for (std::uint32_t r = 0; r < sorted.size(); ++r) {
      rank[sorted[r]] = r;
      out_.components.push_back(found[sorted[r]]);
    }
    for (std::uint32_t& c : of) c = rank[c];
    out_.component_of = std::move(of);
  }

  const RawGraph& raw_;
  std::span<const StreetLine> streets_;
  std::vector<std::uint32_t> first_end_, ends_;
  std::vector<char> junction_;         // per raw node
  std::vector<std::uint32_t> order_;   // raw nodes that become nodes
  std::vector<std::uint32_t> number_;  // per raw node
  std::vector<char> used_;             // per raw edge
  Graph out_;
};

}  // namespace

double stretch_m(Point a, Point b) {
  const LocalScale scale = local_scale(static_cast<std::int32_t>((std::int64_t{a.lat} + b.lat) / 2));
  const double dx = (static_cast<double>(b.lon) - a.lon) * scale.lon_m;
  const double dy = (static_cast<double>(b.lat) - a.lat) * scale.lat_m;
  const double length = std::sqrt(dx * dx + dy * dy);
  return length <= 2000 ? length : geodesic_length_m(a, b);
}

Graph build_graph(NodedLines lines, std::span<const StreetLine> streets, std::span<const CrossingPoint> crossings,
                  const NetworkOptions& options) {
  const RawGraph raw = build_raw_graph(lines, crossings, options);
  Graph graph = Chainer(raw, streets).run();
  graph.barriers = std::move(lines.barriers);
  std::copy(std::begin(raw.open_passages), std::end(raw.open_passages), std::begin(graph.passages));
  graph.closed_passages = raw.closed_passages;
  graph.unused_crossings = raw.unused_crossings;
  return graph;
}

}  // namespace catchment::geo
