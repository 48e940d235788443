#include "server/jobs/ensemble_job.hpp"

#include <algorithm>

#include "server/jobs/byte_stream.hpp"

namespace catchment::jobs {
namespace {

using namespace engine::planning;

constexpr std::uint64_t kVersion = 2;  // of the bytes and of the chains: workers of another one must not answer

std::string write_input(const EnsembleProblem& p, const EnsembleOptions& o) {
  ByteWriter out;
  out.number(kVersion);
  out.list(p.units, [&](const PlanUnit& u) {
    out.text(u.id);
    out.number(static_cast<std::uint64_t>(u.children));
  });
  out.list(p.borders, [&](const auto& border) {
    out.number(border.first);
    out.number(border.second);
  });
  out.list(p.zones, [&](const EnsembleZone& z) {
    out.text(z.id);
    out.number(z.home ? *z.home + std::uint64_t{1} : 0);
    for (const int limit : {z.least, z.most, z.seats}) out.number(static_cast<std::uint64_t>(limit));
  });
  out.list(p.cost, [&](double c) { out.real(c); });
  out.list(p.locks, [&](const PlanLock& lock) {
    out.number(lock.unit);
    out.number(lock.school);
    out.number(lock.must);
  });
  for (const Assignment* plan : {&p.reference, &p.start}) out.list(*plan, [&](SchoolIndex z) { out.number(z); });
  out.number(static_cast<std::uint64_t>(o.method));
  out.number(static_cast<std::uint64_t>(o.tree));
  for (const double weight : {o.energy.distance, o.energy.over_seats, o.energy.cut_edges}) out.real(weight);
  for (const std::uint64_t value : {std::uint64_t{o.cut_bound}, o.seed, o.steps, o.burn_in, o.record_every}) {
    out.number(value);
  }
  return out.take();
}

EnsembleProblem read_problem(ByteReader& in) {
  EnsembleProblem p;
  p.units = in.list([&] {
    PlanUnit u;
    u.id = in.text();
    u.children = in.count();
    return u;
  });
  p.borders = in.list([&] {
    const UnitIndex a = in.index();
    return std::pair<UnitIndex, UnitIndex>(a, in.index());
  });
  p.zones = in.list([&] {
    EnsembleZone z;
    z.id = in.text();
    if (const std::uint32_t home = in.index(); home > 0) z.home = home - 1;
    z.least = in.count();
    z.most = in.count();
    z.seats = in.count();
    return z;
  });
  p.cost = in.list([&] { return in.real(); });
  p.locks = in.list([&] {
    PlanLock lock;
    lock.unit = in.index();
    lock.school = in.index();
    lock.must = in.yes();
    return lock;
  });
  for (Assignment* plan : {&p.reference, &p.start}) *plan = in.list([&] { return in.index(); });
  return p;
}

EnsembleOptions read_options(ByteReader& in) {
  EnsembleOptions o;
  o.method = static_cast<ChainMethod>(in.number(static_cast<std::uint64_t>(ChainMethod::flip)));
  o.tree = static_cast<TreeKind>(in.number(static_cast<std::uint64_t>(TreeKind::random_weight)));
  for (double* weight : {&o.energy.distance, &o.energy.over_seats, &o.energy.cut_edges}) *weight = in.real();
  o.cut_bound = in.index();
  for (std::uint64_t* value : {&o.seed, &o.steps, &o.burn_in, &o.record_every}) *value = in.number();
  return o;
}

std::string write_result(const ShardResult& r) {
  ByteWriter out;
  out.number(r.started);
  for (const std::uint64_t value : {r.accepted, r.trees, r.stuck, r.over_bound}) out.number(value);
  for (const auto& series : r.series) out.list(series, [&](double v) { out.real(v); });
  out.list(r.loads, [&](const auto& zone) {
    out.list(zone, [&](const auto& load) {
      out.number(static_cast<std::uint64_t>(load.first));
      out.number(load.second);
    });
  });
  out.list(r.last, [&](SchoolIndex z) { out.number(z); });
  return out.take();
}

}  // namespace

Batch to_batch(const EnsembleProblem& problem, const EnsembleOptions& options) {
  Batch batch{std::string(kEnsembleJob), write_input(problem, options), {}};
  for (int shard = 0; shard < options.shards; ++shard) {
    ByteWriter out;
    out.number(static_cast<std::uint64_t>(shard));
    batch.shards.push_back(out.take());
  }
  return batch;
}

std::string run_ensemble_shard(std::string_view input, std::string_view shard, const Alive& alive) {
  ByteReader in(input), which(shard);
  if (in.number() != kVersion) ByteReader::fail();
  const EnsembleProblem problem = read_problem(in);
  const EnsembleOptions options = read_options(in);
  in.finish();
  const int number = which.count();
  which.finish();
  for (const EnsembleFinding& f : find_problems(problem)) {
    if (f.fatal) throw InputError("ensemble_problem", "", f.message);
  }
  const auto steps = static_cast<double>(std::max<std::uint64_t>(1, options.steps + options.burn_in));
  ShardHooks hooks;
  hooks.alive = [&](std::uint64_t done) { return alive(static_cast<double>(done) / steps); };
  return write_result(run_shard(problem, ChainGround(problem), options, number, hooks));
}

ShardResult read_shard_result(std::string_view bytes) {
  ByteReader in(bytes);
  ShardResult r;
  r.started = in.yes();
  r.whole = true;
  for (std::uint64_t* value : {&r.accepted, &r.trees, &r.stuck, &r.over_bound}) *value = in.number();
  for (auto& series : r.series) series = in.list([&] { return in.real(); });
  r.loads = in.list([&] {
    return in.list([&] {
      const int load = in.count();
      return std::pair<int, std::uint32_t>(load, in.index());
    });
  });
  r.last = in.list([&] { return in.index(); });
  in.finish();
  return r;
}

Handlers all_handlers() { return {{std::string(kEnsembleJob), run_ensemble_shard}}; }

}  // namespace catchment::jobs
