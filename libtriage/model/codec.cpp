// SPDX-License-Identifier: Apache-2.0
// One `fields` function per record lists its members once; Put and Get walk the same list in both directions.
#include "model/codec.h"

namespace triage {
namespace {

/// Walks a record's members into a writer.
struct Put {
  BinaryWriter& out;
  template <typename T>
  void operator()(const T& value) {
    out.put(value);
  }
  void operator()(const std::string& value) { out.put(std::string_view(value)); }
  template <typename T>
  void number(const T& value) {
    out.put(static_cast<std::uint64_t>(value.value));
  }
  template <typename E>
  void choice(const E& value, std::size_t) {
    out.put(static_cast<std::uint8_t>(value));
  }
  template <typename T, typename Fields>
  void optional(const std::optional<T>& value, Fields&& fields) {
    out.put(value.has_value());
    if (value) fields(*this, *value);
  }
  template <typename T, typename Fields>
  void list(const std::vector<T>& values, std::size_t, Fields&& fields) {
    out.put(static_cast<std::uint32_t>(values.size()));
    for (const T& value : values) fields(*this, value);
  }
};

/// Walks a record's members out of a reader.
struct Get {
  BinaryReader& in;
  template <typename T>
  void operator()(T& value) {
    in.get(value);
  }
  template <typename T>
  void number(T& value) {
    std::uint64_t raw = 0;
    in.get(raw);
    value = T{raw};
  }
  template <typename E>
  void choice(E& value, std::size_t count) {
    std::uint8_t raw = 0;
    in.get(raw);
    if (raw >= count) {
      in.reject();
      return;
    }
    value = static_cast<E>(raw);
  }
  template <typename T, typename Fields>
  void optional(std::optional<T>& value, Fields&& fields) {
    bool present = false;
    in.get(present);
    value.reset();
    if (present) fields(*this, value.emplace());
  }
  template <typename T, typename Fields>
  void list(std::vector<T>& values, std::size_t minimum_size, Fields&& fields) {
    const std::uint32_t count = in.get_count(minimum_size);
    values.clear();
    values.reserve(count);
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) fields(*this, values.emplace_back());
  }
};

constexpr auto kText = [](auto& walk, auto& text) { walk(text); };
constexpr auto kNumber = [](auto& walk, auto& value) { walk.number(value); };

template <typename Walk, typename T>
void timestamp_fields(Walk& walk, T& stamp) {
  walk(stamp.utc_nanos);
  walk.choice(stamp.precision, 10);
  walk.choice(stamp.basis, 4);
  walk.choice(stamp.status, 3);
  walk(stamp.raw);
}
constexpr auto kTimestamp = [](auto& walk, auto& stamp) { timestamp_fields(walk, stamp); };

template <typename Walk, typename T>
void locator_fields(Walk& walk, T& locator) {
  walk(locator.evidence);
  walk(locator.stream);
  walk(locator.begin);
  walk(locator.length);
  walk.list(locator.steps, 12, [](auto& inner, auto& step) {
    inner(step.transform);
    inner(step.offset);
  });
}

template <typename Walk, typename T>
void bilingual_fields(Walk& walk, T& text) {
  walk(text.en);
  walk(text.ja);
}

template <typename Walk, typename T>
void extent_fields(Walk& walk, T& extent) {
  walk.number(extent.at);
  walk.number(extent.length);
  walk(extent.sparse);
}
constexpr auto kExtent = [](auto& walk, auto& extent) { extent_fields(walk, extent); };

template <typename Walk, typename T>
void event_fields(Walk& walk, T& event) {
  timestamp_fields(walk, event.when);
  walk(event.who);
  walk(event.sid);
  walk(event.uid);
  walk(event.session);
  walk(event.host);
  walk(event.volume);
  walk(event.path);
  walk(event.remote);
  walk(event.what);
  walk(event.object_kind);
  walk(event.object);
  walk(event.object_size);
  walk(event.object_sha256);
  walk(event.how);
  walk(event.channel);
  walk(event.program);
  walk(event.why);
  walk(event.artifact);
  walk(event.artifact_version);
  locator_fields(walk, event.locator);
  walk(event.source);
  walk(event.record);
  walk(event.recovered);
  walk(event.partial);
  walk.list(event.attributes, 9, [](auto& inner, auto& attribute) {
    inner(attribute.name);
    inner(attribute.value);
    inner(attribute.is_number);
  });
}

template <typename Walk, typename T>
void finding_fields(Walk& walk, T& finding) {
  walk(finding.rule);
  bilingual_fields(walk, finding.claim);
  walk.choice(finding.severity, 5);
  walk.choice(finding.likelihood, 8);
  walk.choice(finding.quality, 3);
  walk.list(finding.events, 4, kText);
  walk.list(finding.exhibits, 4, kText);
  bilingual_fields(walk, finding.alternatives);
  bilingual_fields(walk, finding.limits);
  walk(finding.technique);
  walk(finding.question);
  walk(finding.step);
  locator_fields(walk, finding.locator);
  walk(finding.path);
  walk(finding.recovered);
  walk(finding.details);
}

template <typename Walk, typename T>
void damage_fields(Walk& walk, T& damage) {
  walk(damage.evidence);
  walk(damage.stream);
  walk(damage.path);
  walk(damage.at);
  walk.choice(damage.kind, kDamageKindCount);
  walk(damage.field);
  walk(damage.detail);
  walk(damage.consumer);
}

template <typename Walk, typename T>
void file_fields(Walk& walk, T& file) {
  walk(file.evidence);
  walk(file.sequence);
  walk(file.stream);
  walk(file.volume);
  walk(file.path);
  walk(file.raw_path);
  walk(file.inode);
  walk(file.allocated);
  walk(file.kind);
  walk(file.size);
  walk.optional(file.digests, [](auto& inner, auto& digests) {
    inner(digests.md5);
    inner(digests.sha1);
    inner(digests.sha256);
  });
  walk(file.method);
  walk.optional(file.grade, [](auto& inner, auto& grade) { inner.choice(grade, 7); });
  walk(file.type);
  walk.list(file.runs, 17, kExtent);
  walk(file.alias_of);
  walk(file.survive_percent);
  walk(file.saved);
}

template <typename Walk, typename T>
void output_fields(Walk& walk, T& output) {
  walk(output.sha256);
  walk(output.extension);
  walk(output.carved);
  walk(output.slot_offset);
  walk(output.length);
  walk.list(output.more, 17, kExtent);
  walk(output.modified_nanos);
  walk(output.accessed_nanos);
}

template <typename Walk, typename T>
void times_fields(Walk& walk, T& times) {
  timestamp_fields(walk, times.modified);
  timestamp_fields(walk, times.accessed);
  timestamp_fields(walk, times.changed);
  timestamp_fields(walk, times.created);
}
constexpr auto kTimes = [](auto& walk, auto& times) { times_fields(walk, times); };

template <typename Walk, typename T>
void meta_fields(Walk& walk, T& meta) {
  walk(meta.inode);
  walk(meta.parent_inode);
  walk(meta.sequence);
  walk(meta.allocated);
  walk(meta.name_allocated);
  walk(meta.mode);
  walk(meta.uid);
  walk(meta.gid);
  walk(meta.sid);
  walk(meta.link_target);
  times_fields(walk, meta.times);
  walk.optional(meta.file_name_times, kTimes);
  walk.optional(meta.deleted, kTimestamp);
  walk.optional(meta.backed_up, kTimestamp);
}

template <typename Walk, typename T>
void stream_fields(Walk& walk, T& stream) {
  walk(stream.sequence);
  walk(stream.key);
  walk.choice(stream.kind, 11);
  walk(stream.volume);
  walk.optional(stream.volume_offset, kNumber);
  walk(stream.file_system);
  walk(stream.path);
  walk(stream.raw_path);
  walk.number(stream.size);
  walk.optional(stream.meta, [](auto& inner, auto& meta) { meta_fields(inner, meta); });
  walk.list(stream.extents, 17, kExtent);
  walk(stream.inline_content);
  walk.choice(stream.availability, 4);
  walk(stream.survive_percent);
  walk.choice(stream.method, 3);
  walk(stream.inferred);
  walk(stream.slack_bytes);
  walk(stream.alias_of);
  walk(stream.view);
}

template <typename Walk, typename T>
void volume_fields(Walk& walk, T& volume) {
  walk(volume.evidence);
  walk(volume.index);
  walk.number(volume.offset);
  walk.number(volume.length);
  walk(volume.table);
  walk(volume.description);
  walk(volume.file_system);
  walk(volume.status);
  walk(volume.label);
  walk(volume.serial);
  walk(volume.block_size);
  walk(volume.encryption);
  walk(volume.unlocked_with);
  walk(volume.unlocked_lock);
}

}  // namespace

void encode(BinaryWriter& out, const Event& event) {
  out.put(event.when_meaning.bits());
  Put walk{out};
  event_fields(walk, event);
}
void decode(BinaryReader& in, Event& event) {
  std::uint32_t bits = 0;
  in.get(bits);
  event.when_meaning = MeaningSet::from_bits(bits);
  Get walk{in};
  event_fields(walk, event);
}

#define TRIAGE_CODEC(Type, fields)                    \
  void encode(BinaryWriter& out, const Type& value) { \
    Put walk{out};                                    \
    fields(walk, value);                              \
  }                                                   \
  void decode(BinaryReader& in, Type& value) {        \
    Get walk{in};                                     \
    fields(walk, value);                              \
  }
TRIAGE_CODEC(Finding, finding_fields)
TRIAGE_CODEC(Damage, damage_fields)
TRIAGE_CODEC(FileRecord, file_fields)
TRIAGE_CODEC(OutputRecord, output_fields)
TRIAGE_CODEC(Stream, stream_fields)
TRIAGE_CODEC(VolumeRecord, volume_fields)
#undef TRIAGE_CODEC

}  // namespace triage
