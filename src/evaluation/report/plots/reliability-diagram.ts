import { count } from '../../../base/plural.ts';
import type { ReliabilityBin } from '../../metrics/calibration-error.ts';
import { type Html, html, px } from '../html.ts';
import { createFrame, shareAxis } from './frame.ts';

/** Confidence against accuracy by bin. On the diagonal, confidence equals accuracy. */
export function reliabilityDiagram(bins: readonly ReliabilityBin[]): Html {
  const frame = createFrame({
    x: shareAxis('Confidence'),
    y: shareAxis('Accuracy'),
    label: 'Reliability diagram: accuracy by confidence',
  });
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const marks = bins.flatMap(({ low, high, count: answers, accuracy, meanConfidence }) => {
    if (accuracy === null || meanConfidence === null) return [];
    const x = frame.x(low) + 1;
    const width = frame.x(high) - frame.x(low) - 2;
    const title = `confidence ${percent(low)}–${percent(high)}: ${count(answers, 'answer')}, ${percent(accuracy)} right, ${percent(meanConfidence)} sure on average`;
    return [
      html`<g><title>${title}</title>
<rect class="bar" x="${px(x)}" width="${px(width)}" y="${px(frame.y(accuracy))}" height="${px(frame.y(0) - frame.y(accuracy))}" opacity="${px(0.25 + 0.75 * Math.sqrt(answers / most))}"/>
<line class="gap" x1="${px(frame.x(meanConfidence))}" x2="${px(frame.x(meanConfidence))}" y1="${px(frame.y(meanConfidence))}" y2="${px(frame.y(accuracy))}"/>
<circle class="dot" cx="${px(frame.x(meanConfidence))}" cy="${px(frame.y(accuracy))}" r="3.5"/></g>`,
    ];
  });
  const diagonal = html`<line class="reference" x1="${px(frame.x(0))}" y1="${px(frame.y(0))}" x2="${px(frame.x(1))}" y2="${px(frame.y(1))}"/>`;
  return frame.draw([diagonal, ...marks]);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
