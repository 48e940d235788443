#include "tests/bench/peers.hpp"

#include <geos/algorithm/locate/IndexedPointInAreaLocator.h>
#include <geos/geom/CoordinateArraySequence.h>
#include <geos/geom/GeometryFactory.h>
#include <geos/geom/LinearRing.h>
#include <geos/geom/Location.h>
#include <geos/geom/MultiPolygon.h>
#include <geos/geom/Polygon.h>
#include <geos/index/strtree/TemplateSTRtree.h>
#include <geos_c.h>
#include <s2/mutable_s2shape_index.h>
#include <s2/s2contains_point_query.h>
#include <s2/s2latlng.h>
#include <s2/s2lax_polygon_shape.h>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <boost/geometry/index/rtree.hpp>

#include <chrono>
#include <memory>

namespace catchment::bench {
namespace {

namespace bg = boost::geometry;
namespace gg = geos::geom;

template <class Make>
Engine timed(std::string name, const Make& make) {
  Engine engine;
  engine.name = std::move(name);
  const auto start = std::chrono::steady_clock::now();
  engine.run = make(engine);
  engine.build_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return engine;
}

std::unique_ptr<gg::LinearRing> geos_ring(const geo::Ring& ring) {
  std::vector<gg::Coordinate> coordinates;
  for (const geo::Point p : ring) {
    const geo::Degrees d = geo::to_degrees(p);
    coordinates.emplace_back(d.lon, d.lat);
  }
  coordinates.push_back(coordinates.front());
  return gg::GeometryFactory::getDefaultInstance()->createLinearRing(
      std::make_unique<gg::CoordinateArraySequence>(std::move(coordinates)));
}

std::unique_ptr<gg::Geometry> geos_shape(const geo::MultiPolygon& zone) {
  std::vector<std::unique_ptr<gg::Polygon>> parts;
  for (const geo::Polygon& part : zone) {
    std::vector<std::unique_ptr<gg::LinearRing>> holes;
    for (const geo::Ring& hole : part.holes) holes.push_back(geos_ring(hole));
    parts.push_back(gg::GeometryFactory::getDefaultInstance()->createPolygon(geos_ring(part.shell), std::move(holes)));
  }
  return gg::GeometryFactory::getDefaultInstance()->createMultiPolygon(std::move(parts));
}

}  // namespace

Engine geos_prepared(std::span<const geo::MultiPolygon> zones) {
  return timed("GEOS prepared + STRtree", [&](Engine&) {
    struct State {
      GEOSContextHandle_t context = GEOS_init_r();
      GEOSSTRtree* tree = GEOSSTRtree_create_r(context, 10);
      std::vector<std::unique_ptr<gg::Geometry>> shapes;
      std::vector<const GEOSPreparedGeometry*> prepared;
    };
    auto state = std::make_shared<State>();  // lives as long as the process: a benchmark
    for (const geo::MultiPolygon& zone : zones) {
      state->shapes.push_back(geos_shape(zone));
      auto* shape = reinterpret_cast<GEOSGeometry*>(state->shapes.back().get());
      state->prepared.push_back(GEOSPrepare_r(state->context, shape));
      GEOSSTRtree_insert_r(state->context, state->tree, shape, reinterpret_cast<void*>(state->prepared.size()));
      const geo::Degrees d = geo::to_degrees(zone[0].shell[0]);
      auto* point = GEOSGeom_createPointFromXY_r(state->context, d.lon, d.lat);
      GEOSPreparedCovers_r(state->context, state->prepared.back(), point);  // its index is built on first use
      GEOSGeom_destroy_r(state->context, point);
    }
    auto* origin = GEOSGeom_createPointFromXY_r(state->context, 0, 0);
    const auto ignore = [](void*, void*) {};
    GEOSSTRtree_query_r(state->context, state->tree, origin, ignore, nullptr);  // builds the tree
    GEOSGeom_destroy_r(state->context, origin);
    return [state](std::span<const geo::Degrees> points, std::span<std::int32_t> out) {
      struct Query {
        State* state;
        GEOSGeometry* point;
        std::int32_t found;
      };
      for (std::size_t i = 0; i < points.size(); ++i) {
        Query query{state.get(), GEOSGeom_createPointFromXY_r(state->context, points[i].lon, points[i].lat), -1};
        GEOSSTRtree_query_r(
            state->context, state->tree, query.point,
            [](void* item, void* data) {
              auto* q = static_cast<Query*>(data);
              const auto zone = static_cast<std::int32_t>(reinterpret_cast<std::intptr_t>(item)) - 1;
              if (q->found < 0 &&
                  GEOSPreparedCovers_r(q->state->context, q->state->prepared[static_cast<std::size_t>(zone)],
                                       q->point) == 1) {
                q->found = zone;
              }
            },
            &query);
        out[i] = query.found;
        GEOSGeom_destroy_r(state->context, query.point);
      }
    };
  });
}

Engine geos_locator(std::span<const geo::MultiPolygon> zones) {
  return timed("GEOS C++ locator", [&](Engine&) {
    using Locator = geos::algorithm::locate::IndexedPointInAreaLocator;
    struct State {
      geos::index::strtree::TemplateSTRtree<int> tree;
      std::vector<std::unique_ptr<gg::Geometry>> shapes;
      std::vector<std::unique_ptr<Locator>> locators;
    };
    auto state = std::make_shared<State>();
    for (const geo::MultiPolygon& zone : zones) {
      state->shapes.push_back(geos_shape(zone));
      state->tree.insert(*state->shapes.back()->getEnvelopeInternal(), static_cast<int>(state->locators.size()));
      state->locators.push_back(std::make_unique<Locator>(*state->shapes.back()));
      const geo::Degrees d = geo::to_degrees(zone[0].shell[0]);
      const gg::Coordinate c(d.lon, d.lat);
      state->locators.back()->locate(&c);
    }
    const gg::Envelope nowhere(0, 0, 0, 0);
    state->tree.query(nowhere, [](int) { return true; });
    return [state](std::span<const geo::Degrees> points, std::span<std::int32_t> out) {
      for (std::size_t i = 0; i < points.size(); ++i) {
        const gg::Coordinate c(points[i].lon, points[i].lat);
        const gg::Envelope place(c);
        std::int32_t found = -1;
        state->tree.query(place, [&](int zone) {
          if (state->locators[static_cast<std::size_t>(zone)]->locate(&c) == gg::Location::EXTERIOR) return true;
          found = zone;
          return false;
        });
        out[i] = found;
      }
    };
  });
}

Engine boost_rtree(std::span<const geo::MultiPolygon> zones) {
  using BoostPoint = bg::model::d2::point_xy<double>;
  using BoostBox = bg::model::box<BoostPoint>;
  using BoostShape = bg::model::multi_polygon<bg::model::polygon<BoostPoint, false, false>>;
  using Tree = bg::index::rtree<std::pair<BoostBox, std::int32_t>, bg::index::rstar<16>>;
  return timed("Boost rtree + covered_by", [&](Engine&) {
    auto shapes = std::make_shared<std::vector<BoostShape>>();
    std::vector<std::pair<BoostBox, std::int32_t>> boxes;
    const auto append = [](auto& to, const geo::Ring& ring) {
      for (const geo::Point p : ring) to.emplace_back(geo::to_degrees(p).lon, geo::to_degrees(p).lat);
    };
    for (const geo::MultiPolygon& zone : zones) {
      BoostShape shape;
      for (const geo::Polygon& part : zone) {
        auto& target = shape.emplace_back();
        append(target.outer(), part.shell);
        for (const geo::Ring& hole : part.holes) append(target.inners().emplace_back(), hole);
      }
      boxes.emplace_back(bg::return_envelope<BoostBox>(shape), static_cast<std::int32_t>(shapes->size()));
      shapes->push_back(std::move(shape));
    }
    auto tree = std::make_shared<Tree>(boxes.begin(), boxes.end());
    return [shapes, tree](std::span<const geo::Degrees> points, std::span<std::int32_t> out) {
      for (std::size_t i = 0; i < points.size(); ++i) {
        const BoostPoint p(points[i].lon, points[i].lat);
        std::int32_t found = -1;
        for (auto it = tree->qbegin(bg::index::intersects(p)); it != tree->qend(); ++it) {
          if (bg::covered_by(p, (*shapes)[static_cast<std::size_t>(it->second)])) {
            found = it->second;
            break;
          }
        }
        out[i] = found;
      }
    };
  });
}

Engine s2_index(std::span<const geo::MultiPolygon> zones) {
  return timed("S2 ShapeIndex", [&](Engine& engine) {
    auto index = std::make_shared<MutableS2ShapeIndex>();
    const auto loop_of = [](const geo::Ring& ring) {
      std::vector<S2Point> loop;
      for (const geo::Point p : ring) {
        loop.push_back(S2LatLng::FromDegrees(geo::to_degrees(p).lat, geo::to_degrees(p).lon).ToPoint());
      }
      return loop;
    };
    for (const geo::MultiPolygon& zone : zones) {
      std::vector<std::vector<S2Point>> loops;
      for_each_ring(zone, [&](const geo::Ring& ring) { loops.push_back(loop_of(ring)); });
      index->Add(std::make_unique<S2LaxPolygonShape>(loops));
    }
    index->ForceBuild();
    engine.megabytes = static_cast<double>(index->SpaceUsed()) / 1e6;
    using Query = S2ContainsPointQuery<MutableS2ShapeIndex>;
    auto query = std::make_shared<Query>(index.get(), S2ContainsPointQueryOptions(S2VertexModel::SEMI_OPEN));
    return [index, query](std::span<const geo::Degrees> points, std::span<std::int32_t> out) {
      for (std::size_t i = 0; i < points.size(); ++i) {
        std::int32_t found = -1;
        query->VisitContainingShapes(S2LatLng::FromDegrees(points[i].lat, points[i].lon).ToPoint(),
                                     [&](S2Shape* shape) {
                                       found = shape->id();
                                       return false;
                                     });
        out[i] = found;
      }
    };
  });
}

}  // namespace catchment::bench
