// Verify reads a log that is published as C2SP tlog-tiles, from a server or a folder, and recomputes
// all of it with golang.org/x/mod/sumdb and nothing of the product. It is the tests' second opinion.
//
//	verify [-bodies] [-checkpoints FOLDER] [-records N] KEY ADDRESS
//
// It prints one JSON object. Exit 0: the log holds. Exit 1: it does not. Exit 2: wrongly called.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // of a tile; 256 hashes or entries

// A fault is the first thing that does not hold; index is the entry, -1 where none is to blame.
type fault struct {
	index int64
	why   string
}

func (f *fault) Error() string { return f.why }

func at(index int64, format string, args ...any) error {
	return &fault{index, fmt.Sprintf(format, args...)}
}

// A source gives files by their path below the log's address.
type source func(path string) ([]byte, error)

var errAbsent = errors.New("absent")

func open(address string) source {
	if !strings.Contains(address, "://") {
		return func(path string) ([]byte, error) {
			data, err := os.ReadFile(filepath.Join(address, filepath.FromSlash(path)))
			if errors.Is(err, os.ErrNotExist) {
				return nil, errAbsent
			}
			return data, err
		}
	}
	return func(path string) ([]byte, error) {
		answer, err := http.Get(address + "/" + path)
		if err != nil {
			return nil, err
		}
		defer answer.Body.Close()
		if answer.StatusCode == http.StatusNotFound {
			return nil, errAbsent
		}
		if answer.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", path, answer.Status)
		}
		return io.ReadAll(answer.Body)
	}
}

// path returns the address of a tile: that of sumdb without the height, and entries for data.
func path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	if tile.L == -1 {
		rest = "entries" + strings.TrimPrefix(rest, "data")
	}
	return "tile/" + rest
}

// tiles lets tlog read authenticated hashes from what is published.
type tiles struct {
	read  source
	known map[tlog.Tile][]byte
}

func (t *tiles) Height() int { return height }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		if t.known[tile] == nil {
			data, err := t.read(path(tile))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path(tile), err)
			}
			t.known[tile] = data
		}
		found[i] = t.known[tile]
	}
	return found, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// hashes are all hashes of the tree, recomputed from its entries.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = h[index]
	}
	return found, nil
}

var entryForm = regexp.MustCompile(
	`\A\{"body":"([0-9a-f]{64})","id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","v":1\}\z`)

var lineForm = regexp.MustCompile(
	`\A\{"body":"([A-Za-z0-9+/=]*)","id":"([0-9a-f-]{36})","index":([0-9]+),"salt":"([0-9a-f]{64})"\}\z`)

// checkpoint opens a signed checkpoint, whose origin is the key's name.
func checkpoint(data []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, errors.New("not a size")
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// bundle reads the entries of one bundle.
func bundle(read source, tile tlog.Tile) ([][]byte, error) {
	first := tile.N << height
	data, err := read(path(tile))
	if err != nil {
		return nil, at(first, "%s: %v", path(tile), err)
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, at(first, "%s breaks off", path(tile))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(entries) != tile.W {
		return nil, at(first, "%s has %d entries", path(tile), len(entries))
	}
	return entries, nil
}

// recompute reads every entry, compares its hash with the tree's tile, and builds the tree anew.
func recompute(read source, size int64) ([][]byte, hashes, error) {
	var entries [][]byte
	var built hashes
	seen := map[string]int64{}
	for index := int64(0); index < size; {
		tile := tlog.Tile{H: height, L: -1, N: index >> height, W: width(size - index)}
		held, err := bundle(read, tile)
		if err != nil {
			return nil, nil, err
		}
		for _, entry := range held {
			form := entryForm.FindSubmatch(entry)
			if form == nil {
				return nil, nil, at(index, "not an entry: %.200q", entry)
			}
			if first, found := seen[string(form[2])]; found {
				return nil, nil, at(index, "event %s stands at %d already", form[2], first)
			}
			seen[string(form[2])] = index
			further, err := tlog.StoredHashesForRecordHash(index, tlog.RecordHash(entry), built)
			if err != nil {
				return nil, nil, err
			}
			built = append(built, further...)
			index++
		}
		entries = append(entries, held...)
		leaves := tlog.Tile{H: height, L: 0, N: tile.N, W: tile.W}
		if err := compare(read, leaves, built); err != nil {
			return nil, nil, err
		}
	}
	return entries, built, nil
}

func width(rest int64) int {
	if rest > 1<<height {
		return 1 << height
	}
	return int(rest)
}

// compare holds a published tile against the one that was recomputed.
func compare(read source, tile tlog.Tile, built hashes) error {
	each := int64(1) << (height * tile.L)
	first := tile.N << height * each
	expected, err := tlog.ReadTileData(tile, built)
	if err != nil {
		return err
	}
	data, err := read(path(tile))
	if err != nil || len(data) != len(expected) {
		return at(first, "%s has %d bytes: %v", path(tile), len(data), err)
	}
	for i := 0; i < len(data); i += tlog.HashSize {
		if !bytes.Equal(data[i:i+tlog.HashSize], expected[i:i+tlog.HashSize]) {
			return at(first+int64(i/tlog.HashSize)*each, "%s differs", path(tile))
		}
	}
	return nil
}

// compareAbove holds every tile above the leaves against the tree that was recomputed.
func compareAbove(read source, size int64, built hashes) error {
	for level := 1; size>>(height*level) > 0; level++ {
		count := size >> (height * level)
		for n := int64(0); n<<height < count; n++ {
			tile := tlog.Tile{H: height, L: level, N: n, W: width(count - n<<height)}
			if err := compare(read, tile, built); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkRecords proves entries from the published tiles, evenly spread over the log.
func checkRecords(tree tlog.Tree, entries [][]byte, reader tlog.HashReader, most int64) error {
	step := tree.N/most + 1
	for index := int64(0); index < tree.N; index += step {
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil {
			return at(index, "no proof: %v", err)
		}
		record := tlog.RecordHash(entries[index])
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, record); err != nil {
			return at(index, "%v", err)
		}
	}
	return nil
}

// checkHistory opens every checkpoint of a folder and proves each to be the beginning of the next.
func checkHistory(
	folder string, verifier note.Verifier, last tlog.Tree, built hashes, reader tlog.HashReader,
) (int, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		return 0, err
	}
	trees := []tlog.Tree{last}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}
		tree, err := checkpoint(data, verifier)
		if err != nil {
			return 0, at(-1, "%s: %v", filepath.Base(name), err)
		}
		trees = append(trees, tree)
	}
	sort.SliceStable(trees, func(i, j int) bool { return trees[i].N < trees[j].N })
	for i, tree := range trees {
		if tree.N > last.N {
			return 0, at(last.N, "a checkpoint of %d, and the log has %d", tree.N, last.N)
		}
		root, err := tlog.TreeHash(tree.N, built)
		if err != nil || (tree.N > 0 && root != tree.Hash) {
			return 0, at(-1, "the first %d entries have another root", tree.N)
		}
		if i == 0 || trees[i-1].N == 0 {
			continue
		}
		old := trees[i-1]
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		if err != nil {
			return 0, at(-1, "no proof from %d to %d: %v", old.N, tree.N, err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
			return 0, at(-1, "from %d to %d: %v", old.N, tree.N, err)
		}
	}
	return len(trees) - 1, nil
}

// checkBodies makes every entry from its body and salt.
func checkBodies(read source, size int64, entries [][]byte) error {
	for first := int64(0); first < size; first += 1 << height {
		tile := tlog.Tile{H: height, L: -1, N: first >> height, W: width(size - first)}
		name := "bodies/" + strings.TrimPrefix(path(tile), "tile/entries/") + ".ndjson"
		data, err := read(name)
		if err != nil {
			return at(first, "%s: %v", name, err)
		}
		index := first
		for _, text := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
			line := lineForm.FindSubmatch(text)
			if line == nil || index >= size || string(line[3]) != strconv.FormatInt(index, 10) {
				return at(index, "%s: not the line of an entry", name)
			}
			body, errBody := base64.StdEncoding.Strict().DecodeString(string(line[1]))
			salt, errSalt := hex.DecodeString(string(line[4]))
			if errBody != nil || errSalt != nil {
				return at(index, "%s: not a body and a salt", name)
			}
			hash := sha256.Sum256(append(salt, body...))
			entry := fmt.Sprintf(`{"body":"%x","id":"%s","v":1}`, hash, line[2])
			if entry != string(entries[index]) {
				return at(index, "body and salt give %s", entry)
			}
			index++
		}
		if index != first+int64(tile.W) {
			return at(index, "%s has %d lines", name, index-first)
		}
	}
	return nil
}

func main() {
	bodies := flag.Bool("bodies", false, "make every entry from its body and salt too")
	history := flag.String("checkpoints", "", "folder of checkpoints seen before")
	records := flag.Int64("records", 256, "prove about so many entries")
	flag.Parse()
	if flag.NArg() != 2 || *records < 1 {
		fmt.Fprintln(os.Stderr, "usage: verify [-bodies] [-checkpoints FOLDER] [-records N] KEY ADDRESS")
		os.Exit(2)
	}
	answer, err := verify(flag.Arg(0), open(flag.Arg(1)), *history, *records, *bodies)
	if err != nil {
		answer["holds"], answer["why"], answer["index"] = false, err.Error(), nil
		var found *fault
		if errors.As(err, &found) && found.index >= 0 {
			answer["index"] = found.index
		}
	}
	json.NewEncoder(os.Stdout).Encode(answer)
	if err != nil {
		os.Exit(1)
	}
}

func verify(
	key string, read source, history string, records int64, bodies bool,
) (map[string]any, error) {
	answer := map[string]any{"holds": true}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return answer, err
	}
	data, err := read("checkpoint")
	if err != nil {
		return answer, err
	}
	tree, err := checkpoint(data, verifier)
	if err != nil {
		return answer, err
	}
	answer["size"] = tree.N
	entries, built, err := recompute(read, tree.N)
	if err != nil {
		return answer, err
	}
	if err := compareAbove(read, tree.N, built); err != nil {
		return answer, err
	}
	if root, err := tlog.TreeHash(tree.N, built); err != nil || (tree.N > 0 && root != tree.Hash) {
		return answer, at(-1, "the root of all entries is %v", root)
	}
	reader := tlog.TileHashReader(tree, &tiles{read, map[tlog.Tile][]byte{}})
	if err := checkRecords(tree, entries, reader, records); err != nil {
		return answer, err
	}
	if history != "" {
		if answer["checkpoints"], err = checkHistory(history, verifier, tree, built, reader); err != nil {
			return answer, err
		}
	}
	if bodies {
		return answer, checkBodies(read, tree.N, entries)
	}
	return answer, nil
}
