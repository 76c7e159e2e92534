"""What the last row of a room cannot read of a wall: too small, too pale, cut, broken, empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

SIZES = ((1920, 1080), (1024, 768), (3840, 2160))
TEXT, VOICE = 1 / 40, 1 / 20  # of a wall's height, at least
CONTRAST = 7.0  # WCAG 2.2, 1.4.6

# Draws each state with the wall's own script, one after the other on one page, and looks at it.
_LOOK = """async ([states, least, measured]) => {
    const script = document.querySelector('script[type=module]').src;
    const {stage} = await import(new URL('stage.js', script));
    const read = id => JSON.parse(document.getElementById(id).textContent);
    const words = {...read('words'), results: read('wall-words')};
    const join = {...read('join'), words};
    document.getElementById('wall').hidden = true;
    document.getElementById('wall').style.display = 'none';
    const box = document.body.appendChild(document.createElement('main'));
    box.className = 'st-box';

    const colour = text => {
        const numbers = text.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
        const scale = text.startsWith('color(') ? 1 : 255;
        return [...numbers.slice(0, 3).map(n => n / scale), numbers[3] ?? 1];
    };
    const light = ([r, g, b]) => {
        const part = n => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
        return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const contrast = (a, b) => {
        const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
        return (high + 0.05) / (low + 0.05);
    };
    /** All that may lie behind a text: what stands there, and bars that reach under it. */
    const behind = (node, at) => {
        const found = [];
        for (let each = node; each; each = each.parentElement) {
            const bar = getComputedStyle(each, '::before');
            const edge = each.getBoundingClientRect();
            const reaches = bar.position === 'absolute' && bar.content !== 'none';
            if (reaches && at.left < edge.left + parseFloat(bar.width)) {
                found.push(colour(bar.backgroundColor));
                if (at.right <= edge.left + parseFloat(bar.width)) return found;
            }
            const own = colour(getComputedStyle(each).backgroundColor);
            if (own[3] === 1) return [...found, own];
        }
        return [...found, [1, 1, 1, 1]];
    };
    const segmenter = new Intl.Segmenter('ja', {granularity: 'word'});
    /** The words of a text that stand on two lines though one would hold them. */
    const broken = (node, width) => {
        const found = [];
        for (const {segment, index, isWordLike} of segmenter.segment(node.data)) {
            if (!isWordLike || [...segment].length < 2) continue;
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + segment.length);
            const rows = [...range.getClientRects()];
            const lines = new Set(rows.map(row => Math.round(row.top)));
            if (lines.size > 1 && rows.reduce((sum, row) => sum + row.width, 0) <= width)
                found.push(`broken: ${segment}`);
        }
        return found;
    };

    const look = () => {
        const high = innerHeight, found = [];
        const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
        let texts = 0;
        while (walker.nextNode()) {
            const node = walker.currentNode, around = node.parentElement;
            if (!node.data.trim() || around.closest('.wall-unseen')) continue;
            const style = getComputedStyle(around);
            const svg = around.closest('svg');
            const drawn = svg ? around.getScreenCTM().a : 1;
            const size = parseFloat(style.fontSize) * drawn;
            const voice = around.closest('.wall-cards q, .st-one, .st-asked span')
                && !around.closest('small, .st-from');
            const wanted = high * (voice ? least.voice : least.text);
            texts += 1;
            if (size < wanted - 0.1)
                found.push(`${size.toFixed(1)} < ${wanted.toFixed(1)}: ${node.data}`);
            const range = document.createRange();
            range.selectNodeContents(node);
            const at = range.getBoundingClientRect();
            if (at.bottom > high + 1 || at.right > innerWidth + 1 || at.left < -1 || at.top < -1)
                found.push(`cut: ${node.data}`);
            const ink = colour(svg ? style.fill : style.color);
            const worst = Math.min(...behind(around, at).map(paper => contrast(ink, paper)));
            if (worst < least.contrast) found.push(`${worst.toFixed(2)} to 1: ${node.data}`);
            if (voice || around.closest('.st-say, .st-line'))
                found.push(...broken(node, around.closest('q, blockquote, p, li').clientWidth));
            const name = voice ? 'voice' : 'text';
            measured[name] = Math.min(measured[name] ?? 1, size / high);
            measured.contrast = Math.min(measured.contrast ?? 21, worst);
        }
        const over = each => Math.max(
            each.scrollHeight - each.clientHeight, each.scrollWidth - each.clientWidth);
        for (const each of box.querySelectorAll('.wall-cards li, [data-fit], .st-box'))
            if (over(each) > 2)
                found.push(`full: ${each.textContent.slice(0, 40)}`);
        for (const body of box.querySelectorAll('.wall-body'))
            if (!body.innerText.trim()) found.push('nothing is drawn');
        return texts ? found : ['blank'];
    };

    const faults = {};
    for (const [name, state] of Object.entries(states)) {
        stage(state, box, words, join);
        await Promise.all([...box.querySelectorAll('img')].map(img => img.decode().catch(() => {
            faults[name] = [`no picture: ${img.src}`];
        })));
        for (const moving of document.getAnimations()) moving.finish();
        const found = look();
        if (found.length) faults[name] = [...(faults[name] ?? []), ...found];
    }
    box.remove();
    return [faults, measured];
}"""


def unreadable(
    wall: Page, states: dict[str, Any], sizes: Sequence[tuple[int, int]] = SIZES
) -> tuple[dict[str, list[str]], dict[str, float]]:
    """What of these states cannot be read on the wall's page, by state and size; and the extremes.

    The extremes are the smallest text and voice, as shares of the wall's height, and the least
    contrast.
    """
    least = {"text": TEXT, "voice": VOICE, "contrast": CONTRAST}
    faults: dict[str, list[str]] = {}
    measured: dict[str, float] = {}
    for width, height in sizes:
        wall.set_viewport_size({"width": width, "height": height})
        found, measured = wall.evaluate(_LOOK, [states, least, measured])
        faults |= {f"{name} {width}x{height}": told for name, told in found.items()}
    return faults, measured
